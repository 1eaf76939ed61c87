{{/* The values of the approach "inline", without ever printing one. */}}

{{- define "secrets-contract.v1.check.inline" -}}
{{- $path := printf "%s.secrets" .valuesPath -}}
{{- $secrets := .block.secrets -}}
{{- if ne .approach "inline" -}}
{{- else if not (kindIs "map" $secrets) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s is not a mapping of keys to strings." $path)) -}}
{{- else -}}
{{- $required := keys .sources -}}
{{- range $spec := .expected -}}
{{- $required = append $required .key -}}
{{- with include "secrets-contract.v1.bad.required" (dict "facts" $ "key" .key "value" (index $secrets .key)) -}}
{{- $expected := $spec.expected -}}
{{- if hasPrefix "holds a variable" . -}}
{{- $variable := regexReplaceAll "[^A-Za-z0-9_]" (upper $spec.key) "_" -}}
{{- $characters := ternary (printf "%d characters, " (int $spec.length)) "" (gt (int $spec.length) 0) -}}
{{- $expected = printf "%swrite exactly ${%s}, with nothing around it" $characters $variable -}}
{{- end -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s: %s %s; expected: %s" $path $spec.key . $expected)) -}}
{{- end -}}
{{- end -}}
{{- range $key, $value := $secrets -}}
{{- if not (has $key $required) -}}
{{- with include "secrets-contract.v1.bad.other" (dict "facts" $ "key" $key "value" $value) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s: %s" $path .)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* {facts, key, value}: what is wrong with a required key's value, or nothing. The text is that of `data`, where each byte is as it was
     given. */}}
{{- define "secrets-contract.v1.bad.required" -}}
{{- if kindIs "invalid" .value -}}is missing
{{- else if not (kindIs "string" .value) -}}{{- include "secrets-contract.v1.bad.kind" . -}}
{{- else if include "secrets-contract.v1.fromEnvironment" .value -}}
{{- else if not (trim .value) -}}is empty
{{- else -}}
{{- include "secrets-contract.v1.bad.text" (set . "value" (get .facts.data .key | b64dec)) -}}
{{- end -}}
{{- end -}}

{{/* {facts, key, value}: the same for any other key. Its name is shown only if it is a known one or close to it: a secret may have
     been written where a name should be. */}}
{{- define "secrets-contract.v1.bad.other" -}}
{{- $policy := .facts.rules -}}
{{- $known := has .key .facts.optional -}}
{{- $name := ternary .key "an unknown key" $known -}}
{{- $meant := "" -}}
{{- if not $known -}}
{{- $meant = include "secrets-contract.v1.meant" (list .facts .key) -}}
{{- end -}}
{{- if $meant -}}
unknown key {{ .key }}: did you mean {{ $meant }}?{{ with .facts.spec.extraKeys }} (if not, add it to {{ $.facts.prefix }}{{ . }}){{ end }}
{{- else if not (include "secrets-contract.v1.isKey" .key) -}}
a key is no name that a Secret's key can have (letters, digits, '-', '_' and '.', at most {{ $policy.limits.keyName }})
{{- else if and $known (kindIs "invalid" .value) -}}
{{- else if not (kindIs "string" .value) -}}{{ $name }} {{ include "secrets-contract.v1.bad.kind" . }}
{{- else if or (and $known (not (trim .value))) (include "secrets-contract.v1.fromEnvironment" .value) -}}
{{- else -}}
{{- with include "secrets-contract.v1.bad.text" (set . "value" (get .facts.data .key | b64dec)) }}{{ $name }} {{ . }}{{- end -}}
{{- end -}}
{{- end -}}

{{- define "secrets-contract.v1.bad.kind" -}}
is not a string (write it in quotes, or use --set-string)
{{- end -}}
