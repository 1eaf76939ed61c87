{{/* What of the user's values is about secrets. */}}

{{/* The names of the values that are read, as JSON. */}}
{{- define "secrets-contract.v1.names" -}}
["existingSecret", "verifyExisting", "secrets", "secretsFiles", "keys", "gate", "policy", "postRenderer"]
{{- end -}}

{{/* (list ROOT FACTS): sets block, others, the further names beside it, mistyped, verify, options, paths and demanded. */}}
{{- define "secrets-contract.v1.facts.block" -}}
{{- $facts := last . -}}
{{- $block := (first .).Values -}}
{{- range splitList "." $facts.path -}}
{{- $block = get $block . | default dict -}}
{{- $block = ternary $block dict (kindIs "map" $block) -}}
{{- end -}}
{{- $names := include "secrets-contract.v1.names" . | fromJsonArray -}}
{{- $others := list -}}
{{- range keys $block | sortAlpha -}}
{{- if not (has . $names) -}}{{- $others = append $others . -}}{{- end -}}
{{- end -}}
{{- $_ := set $facts "others" $others -}}
{{- $kinds := dict "existingSecret" "string" "secretsFiles" "slice" "keys" "map" "gate" "map" "policy" "map" "postRenderer" "map" -}}
{{- $picked := dict -}}
{{- $mistyped := list -}}
{{- range $name := $names -}}
{{- $value := get $block $name -}}
{{- $kind := get $kinds $name | default (kindOf $value) -}}
{{- if and (hasKey $block $name) (kindIs $kind $value) -}}{{- $_ := set $picked $name $value -}}
{{- else if not (empty $value) -}}{{- $mistyped = append $mistyped (dict "name" $name "kind" $kind) -}}
{{- end -}}
{{- end -}}
{{- $sources := dict -}}
{{- range $name, $from := $picked.keys -}}
{{- $wrong := include "secrets-contract.v1.badSource" (list $name $from) | fromJsonArray -}}
{{- if not $wrong -}}{{- $_ := set $sources $name $from -}}{{- end -}}
{{- $mistyped = concat $mistyped $wrong -}}
{{- end -}}
{{- if $picked.keys -}}{{- $_ := set $picked "keys" $sources -}}{{- end -}}
{{- $_ := set $facts "mistyped" $mistyped -}}
{{- $block = $picked -}}
{{- $_ := set $facts "block" $block -}}
{{- $_ := set $facts "verify" (ne (toString $block.verifyExisting) "false") -}}
{{- $paths := dict -}}
{{- $options := dict -}}
{{- range list "gate" "policy" "postRenderer" -}}
{{- $_ := set $options . (get $facts.spec . | default (get $block .) | default dict) -}}
{{- $_ := set $paths . (printf "%s%s" $facts.prefix (ternary . (printf "%s.%s" $facts.path .) (hasKey $facts.spec .))) -}}
{{- end -}}
{{- $_ := set $facts "options" $options -}}
{{- $_ := set $facts "paths" $paths -}}
{{- $_ := set $facts "demanded" (eq (toString $options.postRenderer.required) "true") -}}
{{- end -}}

{{/* (list ROOT FACTS): sets approach, ignored, ownSecret, secret, gated. The first value that is set wins whole. If none is, the check
     refuses; `helm lint` goes on, with no file. */}}
{{- define "secrets-contract.v1.facts.approach" -}}
{{- $facts := last . -}}
{{- $ignored := list -}}
{{- with $facts.block -}}
{{- $_ := set $facts "approach" (ternary "existing" (ternary "inline" "files" (not (empty .secrets))) (not (empty .existingSecret))) -}}
{{- if and .existingSecret .secrets -}}{{- $ignored = append $ignored "secrets" -}}{{- end -}}
{{- if and (or .existingSecret .secrets) .secretsFiles -}}{{- $ignored = append $ignored "secretsFiles" -}}{{- end -}}
{{- else -}}
{{- $_ := set $facts "approach" "files" -}}
{{- end -}}
{{- $_ := set $facts "ignored" (join "," $ignored) -}}
{{- $_ := set $facts "ownSecret" ($facts.spec.secret | default (printf "%s-secrets" $facts.fullname)) -}}
{{- $_ := set $facts "secret" ($facts.block.existingSecret | default $facts.ownSecret) -}}
{{- $_ := set $facts "gated" (and (eq (toString $facts.options.gate.enabled) "true") (eq $facts.approach "existing")) -}}
{{- end -}}

{{/* (list NAME FROM): what of an entry of `keys` is of another kind, or no field, as JSON: [{key, name, kind}]. */}}
{{- define "secrets-contract.v1.badSource" -}}
{{- $name := first . -}}
{{- $from := last . -}}
{{- $wrong := list -}}
{{- if not (kindIs "map" $from) -}}{{- $wrong = list (dict "key" $name "name" "" "kind" "map") -}}
{{- else -}}
{{- range $field, $text := $from -}}
{{- if not (has $field (list "secret" "key")) -}}
{{- $wrong = append $wrong (dict "key" $name "name" "" "kind" "map") -}}
{{- else if not (or (empty $text) (kindIs "string" $text)) -}}
{{- $wrong = append $wrong (dict "key" $name "name" (printf ".%s" $field) "kind" "string") -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson (uniq $wrong) -}}
{{- end -}}
