{{/* What kind of value each field of the chart's list of secrets has. Every other template relies on it: this is looked at first. */}}

{{/* (list ROOT SPEC NAME): the render fails if a field is of another kind, or no name. NAME is that of the template that prints SPEC. */}}
{{- define "secrets-contract.v1.check.shape" -}}
{{- $spec := index . 1 -}}
{{- $found := include "secrets-contract.v1.badKinds" $spec | fromJsonArray -}}
{{- if not $found -}}{{- $found = include "secrets-contract.v1.badNames" $spec | fromJsonArray -}}{{- end -}}
{{- if $found -}}
{{- $where := printf "the chart's list of secrets (%s): " (last .) -}}
{{- $count := printf "%d %s" (len $found) (ternary "error" "errors" (eq (len $found) 1)) -}}
{{- $texts := printf "%s%s" $where (join (printf "\n%s" $where) $found) -}}
{{- fail (printf "\n\n%s: nothing was rendered: %s\n\n%s\n" (first .).Chart.Name $count $texts) -}}
{{- end -}}
{{- end -}}

{{/* (SPEC): what is of another kind than the field takes, as JSON: a list of texts. */}}
{{- define "secrets-contract.v1.badKinds" -}}
{{- $found := list -}}
{{- $words := dict "string" "a text (in quotes)" "map" "a mapping" "slice" "a list" -}}
{{- range include "secrets-contract.v1.kinds" . | fromJsonArray -}}
{{- if not (kindIs (last .) (index . 1)) -}}
{{- $found = append $found (printf "%s is not %s" (first .) (get $words (last .))) -}}
{{- end -}}
{{- end -}}
{{- toJson (uniq $found) -}}
{{- end -}}

{{/* (SPEC): everything that it has, as JSON: [[WHAT, VALUE, KIND]]. An absent field has any kind. */}}
{{- define "secrets-contract.v1.kinds" -}}
{{- $all := list -}}
{{- $kinds := dict "keys" "map" "equal" "map" "componentLabels" "map" "gate" "map" "policy" "map" "postRenderer" "map"
  "oneOf" "slice" "together" "slice" "order" "slice" "fixed" "slice" "volumes" "slice" "objects" "slice" -}}
{{- range list "application" "values" "name" "namespace" "secret" "title" "contract" -}}{{- $_ := set $kinds . "string" -}}{{- end -}}
{{- if not (kindIs "string" .labels) -}}{{- $_ := set $kinds "labels" "map" -}}{{- end -}}
{{- range $field, $kind := $kinds -}}
{{- if not (kindIs "invalid" (index $ $field)) -}}{{- $all = append $all (list $field (get $ $field) $kind) -}}{{- end -}}
{{- end -}}
{{- range $key, $fields := ternary .keys dict (kindIs "map" .keys) -}}
{{- if not (kindIs "invalid" $fields) -}}{{- $all = append $all (list (printf "keys.%s" $key) $fields "map") -}}{{- end -}}
{{- $length := ternary $fields dict (kindIs "map" $fields) | dig "length" "" -}}
{{- if kindIs "map" $length -}}
{{- $all = append $all (list (printf "keys.%s.length.in" $key) ($length.in | default list) "slice") -}}
{{- end -}}
{{- end -}}
{{- range $field := list "oneOf" "together" -}}
{{- $groups := get $ $field -}}
{{- range ternary $groups list (kindIs "slice" $groups) -}}
{{- $all = append $all (list (printf "a group of %s" $field) . "slice") -}}
{{- range ternary . list (kindIs "slice" .) -}}
{{- range ternary . (list .) (and (kindIs "slice" .) (eq $field "oneOf")) -}}
{{- $all = append $all (list (printf "an entry of %s" $field) . "string") -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $field := list "objects" "volumes" -}}
{{- $entries := get $ $field -}}
{{- range ternary $entries list (kindIs "slice" $entries) -}}
{{- $isText := and (kindIs "string" .) (eq $field "objects") -}}
{{- if not $isText -}}{{- $all = append $all (list (printf "an entry of %s" $field) . "map") -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- range $field := list "order" "fixed" "equal" -}}
{{- $entries := get $ $field -}}
{{- range ternary $entries list (or (kindIs "slice" $entries) (kindIs "map" $entries)) -}}
{{- $all = append $all (list (printf "an entry of %s" $field) . "string") -}}
{{- end -}}
{{- end -}}
{{- toJson $all -}}
{{- end -}}

{{/* (SPEC): which names can be none of the object, as JSON: a list of texts. The longest name that is made of `name` is a contract's. */}}
{{- define "secrets-contract.v1.badNames" -}}
{{- $found := list -}}
{{- $name := include "secrets-contract.v1.text.name" . -}}
{{- if and .name (not (include "secrets-contract.v1.isName" (printf "%s-secrets-contract" .name))) -}}
{{- $found = append $found (printf "name can't begin the name of an object (%s; at most 236 characters)" $name) -}}
{{- end -}}
{{- if and .secret (not (include "secrets-contract.v1.isName" .secret)) -}}
{{- $found = append $found (printf "secret is not a valid Secret name (%s)" $name) -}}
{{- end -}}
{{- if and .namespace (not (regexMatch `\A[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\z` .namespace)) -}}
{{- $found = append $found "namespace is no name of a namespace (lower-case letters, digits and '-', at most 63)" -}}
{{- end -}}
{{- if regexMatch `\A\.|\.\.|\.\z` (.values | default "") -}}
{{- $found = append $found "values is no path in the values, such as app.secrets (without .Values)" -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}
