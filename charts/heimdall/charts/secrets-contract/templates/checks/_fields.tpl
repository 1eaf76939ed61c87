{{/* What the fields of the chart's list of secrets have: what nobody can read would be no condition at all, and so be fulfilled. */}}

{{- define "secrets-contract.v1.check.fields" -}}
{{- $list := "the chart's list of secrets" -}}
{{- if not (regexMatch `\A[-._a-zA-Z0-9]{1,63}\z` (toString .spec.application)) -}}
{{- include "secrets-contract.v1.refuse" (list . (printf
  "%s: application is no name (letters, digits, '-', '_' and '.', at most 63)" $list)) -}}
{{- end -}}
{{- if gt (len .spec.keys) 100 -}}
{{- include "secrets-contract.v1.refuse" (list . (printf "%s has more than 100 keys" $list)) -}}
{{- end -}}
{{- range $field := list "oneOf" "together" -}}
{{- range get $.spec $field | default list -}}
{{- $ways := list -}}
{{- range . -}}{{- $ways = append $ways (ternary . (list .) (kindIs "slice" .) | join "+") -}}{{- end -}}
{{- if or (has "" $ways) (lt (len (uniq $ways)) 2) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s: a group of %s has one member" $list $field)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $name, $other := .spec.equal -}}
{{- $parts := splitList "/" $other -}}
{{- $isOther := and (include "secrets-contract.v1.isName" (first $parts)) (include "secrets-contract.v1.isKey" (last $parts)) -}}
{{- if or (eq $name $other) (and (gt (len $parts) 1) (not (and $isOther (eq (len $parts) 2)))) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s: equal of %s names neither another key nor SECRET/KEY" $list $name)) -}}
{{- end -}}
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
{{- $numbers = and $numbers (regexMatch `\A[1-9][0-9]{0,4}\z` (toString .)) -}}
{{- end -}}
{{- if not (and $numbers $sizes (has $name (list "recommended" "min" "exact" "in"))) -}}
{{- $found = append $found "a number, or {min: …}, {exact: …}, {in: […]} is expected as the length" -}}
{{- end -}}
{{- end -}}
{{- if and (kindIs "map" .length) (empty .length) -}}{{- $found = append $found "there is no length in the length" -}}{{- end -}}
{{- $sizes := ternary $length.in (list $length.exact) (hasKey $length "in") -}}
{{- if and (empty $found) (or (hasKey $length "in") (hasKey $length "exact")) -}}
{{- $most := 0 -}}
{{- range $sizes -}}{{- $most = max $most (int .) -}}{{- end -}}
{{- if or (gt (max (int $length.min) (int $length.recommended)) $most) (and (hasKey $length "in") (hasKey $length "exact")) -}}
{{- $found = append $found "the lengths contradict each other: those" -}}
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
{{- if or (not (include "secrets-contract.v1.isLine" $text)) (gt (len (splitList "" (toString $text))) 200) -}}
{{- $found = append $found "a text of one line, in quotes, is expected in forbidden" -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $field := list "rotation" "filledBy" "expected" "word" "variable" -}}
{{- if not (or (empty (get $ $field)) (include "secrets-contract.v1.isLine" (get $ $field))) -}}
{{- $found = append $found (printf "a text of one line is expected as %s" $field) -}}
{{- end -}}
{{- end -}}
{{- range $field := list "rotation" "filledBy" -}}
{{- if not (regexMatch `\A[A-Za-z0-9 .,:;()'/_-]{0,200}\z` (toString (get $ $field | default ""))) -}}
{{- $found = append $found (printf "letters, digits and punctuation, at most 200 characters, are expected as %s" $field) -}}
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
