{{/* The values of the approach "inline", without ever printing one. */}}

{{- define "heimdall-pr.check.inline" -}}
{{- $path := printf "%s.secrets" .valuesPath -}}
{{- $secrets := .root.Values.heimdall.secrets -}}
{{- if ne .approach "inline" -}}
{{- else if not (kindIs "map" $secrets) -}}
{{- include "heimdall-pr.refuse" (list $ (printf "%s is not a mapping of keys to strings." $path)) -}}
{{- else -}}
{{- $required := keys .sources -}}
{{- range $spec := .expected -}}
{{- $required = append $required .key -}}
{{- with include "heimdall-pr.bad.required" (dict "value" (index $secrets .key)) -}}
{{- include "heimdall-pr.refuse" (list $ (printf "%s: %s %s; expected: %s" $path $spec.key . $spec.expected)) -}}
{{- end -}}
{{- end -}}
{{- range $key, $value := $secrets -}}
{{- if not (has $key $required) -}}
{{- with include "heimdall-pr.bad.other" (dict "facts" $ "key" $key "value" $value) -}}
{{- include "heimdall-pr.refuse" (list $ (printf "%s: %s" $path .)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* {value}: what is wrong with a required key's value, or nothing. */}}
{{- define "heimdall-pr.bad.required" -}}
{{- if kindIs "invalid" .value -}}is missing
{{- else if not (kindIs "string" .value) -}}{{- include "heimdall-pr.bad.kind" . -}}
{{- else if include "heimdall-pr.fromEnvironment" .value -}}
{{- else if not (trim .value) -}}is empty
{{- else if regexMatch `[\r\n]\z` .value -}}ends with a line break
{{- else if regexMatch `(?s)\A.{0,7}\z` .value -}}is shorter than 8 characters
{{- end -}}
{{- end -}}

{{/* {facts, key, value}: the same for any other key. Its name is shown only if it is a known one or close to it: a secret may have
     been written where a name should be. A certificate may end with a line break. */}}
{{- define "heimdall-pr.bad.other" -}}
{{- $known := has .key .facts.optional -}}
{{- $name := ternary .key "an unknown key" $known -}}
{{- $meant := "" -}}
{{- if not $known -}}
{{- $meant = include "heimdall-pr.meant" (list .facts .key) -}}
{{- end -}}
{{- if $meant -}}
{{ .key }} is not known; did you mean {{ $meant }}? (if not, add it to {{ .facts.valuesPath }}.extraSecretKeys)
{{- else if not (regexMatch `\A[-._a-zA-Z0-9]+\z` .key) -}}
{{ $name }} is not a valid key of a Secret (letters, digits, '-', '_' and '.')
{{- else if not (kindIs "string" .value) -}}{{ $name }} {{ include "heimdall-pr.bad.kind" . }}
{{- else if and (regexMatch `[\r\n]\z` .value) (not (contains "-BEGIN" .value)) -}}{{ $name }} ends with a line break
{{- end -}}
{{- end -}}

{{- define "heimdall-pr.bad.kind" -}}
is not a string (write it in quotes, or use --set-string)
{{- end -}}

{{/* (list FACTS KEY): the known key that an unknown one is taken for: equal but for case, '-', '_' and '.' (so are the keys of older
     charts, such as jwtSecret), or one letter away. */}}
{{- define "heimdall-pr.meant" -}}
{{- $key := last . | upper | replace "_" "" | replace "-" "" | replace "." "" -}}
{{- $meant := "" -}}
{{- range (first .).known -}}
{{- $letters := replace "_" "" . | upper -}}
{{- /* Bytes: two characters in the place of one have at most eight. */ -}}
{{- $shorter := sub (len $letters) (len $key) -}}
{{- if and (not $meant) (le $shorter 1) (ge $shorter -7) -}}
{{- $near := list -}}
{{- range $i := until (len $letters) -}}
{{- $near = append $near (printf "%s.{0,2}%s" (substr 0 $i $letters) (substr (int (add1 $i)) (len $letters) $letters)) -}}
{{- end -}}
{{- if regexMatch (printf `\A(%s)\z` (join "|" $near)) $key -}}
{{- $meant = . -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $meant -}}
{{- end -}}
