{{/* Groups of keys: alternatives of which one must be there, and keys that belong together. */}}

{{/* (list FACTS DATA ENCODED): sets ungrouped, a sentence for each group that DATA, values by key, in base64 if ENCODED, does not
     fulfil. A key
     that comes from another Secret counts as there: it is judged by itself. White space alone is no value. */}}
{{- define "secrets-contract.v1.facts.ungrouped" -}}
{{- $facts := first . -}}
{{- $given := keys $facts.sources -}}
{{- range $key, $value := index . 1 -}}
{{- $text := ternary (b64dec (toString $value)) (toString $value) (last $) -}}
{{- if not (or (empty $value) (empty (trim $text))) -}}{{- $given = append $given $key -}}{{- end -}}
{{- end -}}
{{- $found := list -}}
{{- range $facts.spec.oneOf -}}
{{- $ways := list -}}
{{- $whole := false -}}
{{- range . -}}
{{- $keys := ternary . (list .) (kindIs "slice" .) -}}
{{- $ways = append $ways (join " with " $keys) -}}
{{- $lacks := $keys -}}
{{- range $given -}}{{- $lacks = without $lacks . -}}{{- end -}}
{{- $whole = or $whole (empty $lacks) -}}
{{- end -}}
{{- if not $whole -}}{{- $found = append $found (printf "it needs %s" (join ", or " $ways)) -}}{{- end -}}
{{- end -}}
{{- range $facts.spec.together -}}
{{- $lacks := . -}}
{{- range $given -}}{{- $lacks = without $lacks . -}}{{- end -}}
{{- if and $lacks (lt (len $lacks) (len .)) -}}
{{- $are := ternary "is" "are" (eq (len $lacks) 1) -}}
{{- $found = append $found (printf "%s belong together: %s %s missing" (join " and " .) (join " and " $lacks) $are) -}}
{{- end -}}
{{- end -}}
{{- $_ := set $facts "ungrouped" $found -}}
{{- end -}}

{{/* Of inline values; an existing Secret is looked at where its keys are. */}}
{{- define "secrets-contract.v1.check.groups" -}}
{{- if and (eq .approach "inline") (kindIs "map" .block.secrets) -}}
{{- $_ := include "secrets-contract.v1.facts.ungrouped" (list . .block.secrets false) -}}
{{- range .ungrouped -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s.secrets: %s" $.valuesPath .)) -}}
{{- end -}}
{{- range $name, $other := .spec.equal -}}
{{- $one := get $.block.secrets $name | toString -}}
{{- $two := get $.block.secrets $other | toString -}}
{{- if and (trim $one) (trim $two) (ne $one $two) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s.secrets: %s and %s must have the same value" $.valuesPath $name $other)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
