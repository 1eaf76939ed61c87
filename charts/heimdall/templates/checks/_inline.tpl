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
{{- with include "heimdall-pr.bad.required" (dict "facts" $ "key" .key "value" (index $secrets .key)) -}}
{{- $expected := $spec.expected -}}
{{- if hasPrefix "holds a variable" . -}}
{{- $characters := ternary (printf "%d characters, " (int $spec.length)) "" (gt (int $spec.length) 0) -}}
{{- $expected = printf "%swrite exactly ${%s}, with nothing around it" $characters $spec.key -}}
{{- end -}}
{{- include "heimdall-pr.refuse" (list $ (printf "%s: %s %s; expected: %s" $path $spec.key . $expected)) -}}
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

{{/* {facts, key, value}: what is wrong with a required key's value, or nothing. */}}
{{- define "heimdall-pr.bad.required" -}}
{{- if kindIs "invalid" .value -}}is missing
{{- else if not (kindIs "string" .value) -}}{{- include "heimdall-pr.bad.kind" . -}}
{{- else if include "heimdall-pr.fromEnvironment" .value -}}
{{- else if not (trim .value) -}}is empty
{{- else -}}
{{- include "heimdall-pr.bad.text" . -}}
{{- end -}}
{{- end -}}

{{/* {facts, key, value}: the same for any other key. Its name is shown only if it is a known one or close to it: a secret may have
     been written where a name should be. */}}
{{- define "heimdall-pr.bad.other" -}}
{{- $policy := .facts.policy -}}
{{- $known := has .key .facts.optional -}}
{{- $name := ternary .key "an unknown key" $known -}}
{{- $meant := "" -}}
{{- if not $known -}}
{{- $meant = include "heimdall-pr.meant" (list .facts .key) -}}
{{- end -}}
{{- $isName := and (mustRegexMatch `\A[-._a-zA-Z0-9]+\z` .key) (le (len .key) (int $policy.limits.keyName)) -}}
{{- if $meant -}}
unknown key {{ .key }}: did you mean {{ $meant }}? (if not, add it to {{ .facts.valuesPath }}.extraSecretKeys)
{{- else if not $isName -}}
a key is no name that a Secret's key can have (letters, digits, '-', '_' and '.', at most {{ $policy.limits.keyName }})
{{- else if not (kindIs "string" .value) -}}{{ $name }} {{ include "heimdall-pr.bad.kind" . }}
{{- else if include "heimdall-pr.fromEnvironment" .value -}}
{{- else -}}
{{- with include "heimdall-pr.bad.text" . }}{{ $name }} {{ . }}{{- end -}}
{{- end -}}
{{- end -}}

{{- define "heimdall-pr.bad.kind" -}}
is not a string (write it in quotes, or use --set-string)
{{- end -}}
