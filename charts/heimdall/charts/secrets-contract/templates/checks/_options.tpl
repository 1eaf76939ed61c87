{{/* The switches of the values: one that nobody understands would be off, and what it is to check unchecked. */}}

{{- define "secrets-contract.v1.check.options" -}}
{{- $switches := dict "gate" "enabled" "policy" "enabled" "postRenderer" "required" -}}
{{- $known := dict "gate" (list "timeout" "image" "pullPolicy" "resources" "pod" "podSecurityContext" "securityContext")
  "policy" (list "action") "postRenderer" list -}}
{{- range $block, $switch := $switches -}}
{{- $given := get $.options $block -}}
{{- $value := get $given $switch -}}
{{- if not (or (kindIs "invalid" $value) (has (toString $value) (list "true" "false" ""))) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s.%s is neither true nor false" (get $.paths $block) $switch)) -}}
{{- end -}}
{{- $names := prepend (get $known $block) $switch -}}
{{- range $name := ternary list (keys $given | sortAlpha) (hasKey $.spec $block) -}}
{{- if not (has $name $names) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s has a field that is none of %s" (get $.paths $block) (join ", " $names))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if not (has (toString (.options.policy.action | default "Deny")) (list "Deny" "Audit")) -}}
{{- include "secrets-contract.v1.refuse" (list . (printf "%s.action is neither Deny nor Audit" .paths.policy)) -}}
{{- end -}}
{{- if eq (toString .options.policy.enabled) "true" -}}
{{- if not (or (include "secrets-contract.v1.policyKeys" .) (include "secrets-contract.v1.validations" . | fromJsonArray)) -}}
{{- include "secrets-contract.v1.refuse" (list . (printf
  "%s.enabled is true, and there is nothing that it could check: no key must be in the Secret %s" .paths.policy .secret)) -}}
{{- end -}}
{{- end -}}
{{- range include "secrets-contract.v1.badGate" .options.gate | fromJsonArray -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s.%s" $.paths.gate .)) -}}
{{- end -}}
{{- end -}}

{{/* (GATE): what of the gate's values can't be meant, as JSON: a list of texts. None is shown. */}}
{{- define "secrets-contract.v1.badGate" -}}
{{- $found := list -}}
{{- $words := dict "map" "a mapping" "string" "a text" "string map" "a text or a mapping" -}}
{{- $kinds := dict "resources" "map" "podSecurityContext" "map" "securityContext" "map" "pullPolicy" "string"
  "pod" "string map" "image" "string map" -}}
{{- range $field, $kind := $kinds -}}
{{- if not (has (kindOf (index $ $field)) (append (splitList " " $kind) "invalid")) -}}
{{- $found = append $found (printf "%s is not %s" $field (get $words $kind)) -}}
{{- end -}}
{{- end -}}
{{- if not (or (kindIs "invalid" .timeout) (regexMatch `\A(0|[1-9][0-9]{0,5})\z` (toString .timeout))) -}}
{{- $found = append $found "timeout is no number of seconds (0: it looks once)" -}}
{{- end -}}
{{- if and (kindIs "map" .image) (not (empty .image)) -}}
{{- if not (or .image.tag .image.digest) -}}{{- $found = append $found "image has neither a tag nor a digest" -}}{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}
