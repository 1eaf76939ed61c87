{{/* What the fields of the chart's list of secrets have: what nobody can read would be no condition at all, and so be fulfilled. */}}

{{- define "secrets-contract.v1.check.fields" -}}
{{- $list := "the chart's list of secrets" -}}
{{- if not (regexMatch `\A[-._a-zA-Z0-9]{1,63}\z` (toString .spec.application)) -}}
{{- include "secrets-contract.v1.refuse" (list . (printf
  "%s: application is no name (letters, digits, '-', '_' and '.', at most 63)" $list)) -}}
{{- end -}}
{{- range $name, $key := .spec.keys -}}
{{- range $what := include "secrets-contract.v1.badFields" ($key | default dict) | fromJsonArray -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s: %s of %s" $list $what $name)) -}}
{{- end -}}
{{- end -}}
{{- range $name, $other := .spec.equal -}}
{{- $two := splitList "/" $other -}}
{{- $names := and (include "secrets-contract.v1.isName" (first $two)) (include "secrets-contract.v1.isKey" (last $two)) -}}
{{- if and (contains "/" $other) (not (and $names (eq (len $two) 2))) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s: equal of %s is no SECRET/KEY" $list $name)) -}}
{{- end -}}
{{- end -}}
{{- range $field, $names := dict "order" .spec.order "fixed" .spec.fixed "equal" (values (.spec.equal | default dict)) -}}
{{- range $names -}}
{{- if not (or (hasKey $.spec.keys .) (and (eq $field "equal") (contains "/" .))) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s: %s names %s, which is none of its keys" $list $field .)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (KEY): what is wrong with the fields of a key, as JSON: a list of texts. None is shown: a value may be among them. */}}
{{- define "secrets-contract.v1.badFields" -}}
{{- $found := list -}}
{{- $length := .length -}}
{{- if not (kindIs "map" $length) -}}{{- $length = ternary dict (dict "recommended" $length) (kindIs "invalid" $length) -}}{{- end -}}
{{- range $name, $sizes := $length -}}
{{- $numbers := true -}}
{{- range ternary $sizes (list $sizes) (and (eq $name "in") (kindIs "slice" $sizes)) -}}
{{- $numbers = and $numbers (regexMatch `\A[1-9][0-9]{0,5}\z` (toString .)) -}}
{{- end -}}
{{- if not (and $numbers (has $name (list "recommended" "min" "exact" "in"))) -}}
{{- $found = append $found "a number, or {min: …}, {exact: …}, {in: […]} is expected as the length" -}}
{{- end -}}
{{- end -}}
{{- $words := dict "optional" "true|false" "issuer" "self|third-party"
  "format" "hex|base64(url)?(:[1-9][0-9]{0,5})?|bcrypt|htpasswd|jwt|uuid|url" -}}
{{- range $field, $pattern := $words -}}
{{- if and (hasKey $ $field) (not (regexMatch (printf `\A(%s)\z` $pattern) (toString (get $ $field)))) -}}
{{- $found = append $found (printf "there is no such %s" $field) -}}
{{- end -}}
{{- end -}}
{{- if not (kindIs "slice" (.forbidden | default list)) -}}{{- $found = append $found "a list is expected as forbidden" -}}
{{- else -}}
{{- range $text := .forbidden -}}
{{- if not (include "secrets-contract.v1.isLine" $text) -}}
{{- $found = append $found "a text of one line, in quotes, is expected in forbidden" -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $field := list "rotation" "filledBy" "expected" "word" "variable" -}}
{{- if not (or (empty (get $ $field)) (include "secrets-contract.v1.isLine" (get $ $field))) -}}
{{- $found = append $found (printf "a text of one line is expected as %s" $field) -}}
{{- end -}}
{{- end -}}
{{- if not (regexMatch `\A([-._a-zA-Z][-._a-zA-Z0-9]*)?\z` (toString (.variable | default ""))) -}}
{{- $found = append $found "no variable can have the name in variable" -}}
{{- end -}}
{{- toJson (uniq $found) -}}
{{- end -}}

{{/* (TEXT): "true" if it is a text that can be a line of the contract, which is cut at line ends and takes no spaces around it. */}}
{{- define "secrets-contract.v1.isLine" -}}
{{- if kindIs "string" . -}}
{{- if and . (eq . (trim .)) (not (regexMatch `[\x00-\x1f\x7f\x{85}\x{2028}\x{2029}]` .)) -}}true{{- end -}}
{{- end -}}
{{- end -}}
