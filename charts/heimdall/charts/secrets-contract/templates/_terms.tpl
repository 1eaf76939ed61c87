{{/* What a contract of version 2 says of keys, in flat texts. */}}

{{/* (FACTS): the keys that are in the Secret itself, as JSON: [{name, key}]; the values may give one another name there. */}}
{{- define "secrets-contract.v1.ownKeys" -}}
{{- $keys := list -}}
{{- range .known -}}
{{- $from := get $.from . -}}
{{- if eq $from.secret $.secret -}}{{- $keys = append $keys (dict "name" . "key" $from.key) -}}{{- end -}}
{{- end -}}
{{- toJson $keys -}}
{{- end -}}

{{/* (list FACTS KEYS): what a contract of version 2 says of keys, each {name, key}: the name in SPEC, and the key in the Secret. Groups
     and pairs are those whose keys are all in this Secret. */}}
{{- define "secrets-contract.v1.terms" -}}
{{- $texts := include "secrets-contract.v1.terms.json" . | fromJson -}}
{{- range $field, $text := $texts }}
{{ $field }}: {{ $text | quote }}
{{- end }}
{{- end -}}

{{/* (list FACTS KEYS): the same as JSON: {field: text}; `required` is always in it. */}}
{{- define "secrets-contract.v1.terms.json" -}}
{{- $facts := first . -}}
{{- $named := dict -}}
{{- $required := list -}}
{{- $optional := list -}}
{{- $grouped := include "secrets-contract.v1.grouped" $facts | fromJsonArray -}}
{{- $parts := dict "kinds" list "formats" list "issuers" list "lengths" list "forbidden" list "rotation" list "filledBy" list -}}
{{- range last . -}}
{{- $key := .key -}}
{{- $_ := set $named .name $key -}}
{{- if has .name $facts.declared -}}{{- $required = append $required $key -}}
{{- else if not (has .name $grouped) -}}{{- $optional = append $optional $key -}}
{{- end -}}
{{- $said := get $facts.spec.keys .name | default dict -}}
{{- range $field, $from := dict "kinds" "kind" "formats" "format" "issuers" "issuer" "rotation" "rotation" "filledBy" "filledBy" -}}
{{- with get $said $from -}}{{- $_ := set $parts $field (append (get $parts $field) (printf "%s=%s" $key .)) -}}{{- end -}}
{{- end -}}
{{- range $said.forbidden -}}{{- $_ := set $parts "forbidden" (append $parts.forbidden (printf "%s=%s" $key .)) -}}{{- end -}}
{{- range include "secrets-contract.v1.lengths" (list $key $said) | fromJsonArray -}}
{{- $_ := set $parts "lengths" (append $parts.lengths .) -}}
{{- end -}}
{{- end -}}
{{- $texts := include "secrets-contract.v1.groups" (list $facts $named) | fromJson -}}
{{- /* A key whose group is not whole here is judged, if it is there. */ -}}
{{- $whole := regexSplit `[|+,]` (printf "%s,%s" $texts.oneOf $texts.together) -1 -}}
{{- range last . -}}
{{- if and (has .name $grouped) (not (has .key $whole)) -}}{{- $optional = append $optional .key -}}{{- end -}}
{{- end -}}
{{- range $field, $text := $texts -}}{{- if not $text -}}{{- $_ := unset $texts $field -}}{{- end -}}{{- end -}}
{{- $_ := set $texts "required" (join "," $required) -}}
{{- with $optional -}}{{- $_ := set $texts "optional" (join "," .) -}}{{- end -}}
{{- range $field, $each := $parts -}}
{{- $by := ternary "\n" "," (has $field (list "forbidden" "rotation" "filledBy")) -}}
{{- with $each -}}{{- $_ := set $texts $field (join $by .) -}}{{- end -}}
{{- end -}}
{{- toJson $texts -}}
{{- end -}}

{{/* (FACTS): the keys that are in a group, as JSON. */}}
{{- define "secrets-contract.v1.grouped" -}}
{{- $names := list -}}
{{- range concat (.spec.oneOf | default list) (.spec.together | default list) -}}
{{- range . -}}{{- $names = concat $names (ternary . (list .) (kindIs "slice" .)) -}}{{- end -}}
{{- end -}}
{{- toJson $names -}}
{{- end -}}

{{/* (list KEY SAID): the lengths of a key as JSON: `key=66`, `key=min:12`, `key=exact:32`, `key=in:16|24`. */}}
{{- define "secrets-contract.v1.lengths" -}}
{{- $key := first . -}}
{{- $lengths := list -}}
{{- $length := include "secrets-contract.v1.length" (last .) | fromJson -}}
{{- with $length.recommended -}}{{- $lengths = append $lengths (printf "%s=%d" $key (int .)) -}}{{- end -}}
{{- with $length.min -}}{{- $lengths = append $lengths (printf "%s=min:%d" $key (int .)) -}}{{- end -}}
{{- with $length.exact -}}{{- $lengths = append $lengths (printf "%s=exact:%d" $key (int .)) -}}{{- end -}}
{{- with $length.in -}}
{{- $lengths = append $lengths (printf "%s=in:%s" $key (include "secrets-contract.v1.sizes" . | replace " or " "|")) -}}
{{- end -}}
{{- toJson $lengths -}}
{{- end -}}

{{/* (list FACTS NAMED): the groups whose keys are all in NAMED, {name: key}, and the pairs of equal keys, as JSON: {field: text}. */}}
{{- define "secrets-contract.v1.groups" -}}
{{- $spec := (first .).spec -}}
{{- $named := last . -}}
{{- $texts := dict "oneOf" list "together" list "equal" list -}}
{{- range $field, $by := dict "oneOf" "|" "together" "+" -}}
{{- range get $spec $field | default list -}}
{{- $whole := true -}}
{{- $parts := list -}}
{{- range . -}}
{{- $keys := list -}}
{{- range ternary . (list .) (kindIs "slice" .) -}}
{{- $whole = and $whole (hasKey $named .) -}}
{{- $keys = append $keys (get $named .) -}}
{{- end -}}
{{- $parts = append $parts (join "+" $keys) -}}
{{- end -}}
{{- if $whole -}}{{- $_ := set $texts $field (append (get $texts $field) (join $by $parts)) -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- range $name, $other := $spec.equal -}}
{{- $from := get (first $).from $other | default dict -}}
{{- $two := ternary (printf "%s/%s" $from.secret $from.key) $other (hasKey $from "key") -}}
{{- $two = ternary (get $named $other) $two (hasKey $named $other) -}}
{{- if hasKey $named $name -}}{{- $_ := set $texts "equal" (append $texts.equal (printf "%s=%s" (get $named $name) $two)) -}}{{- end -}}
{{- end -}}
{{- range $field, $each := $texts -}}{{- $_ := set $texts $field (join "," $each) -}}{{- end -}}
{{- toJson $texts -}}
{{- end -}}
