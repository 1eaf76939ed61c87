{{/* The values of the approach "inline", without ever printing one. */}}

{{- define "heimdall-pr.check.inline" -}}
{{- $found := list -}}
{{- $path := printf "%s.secrets" (include "heimdall-pr.valuesPath" .) -}}
{{- $secrets := .Values.heimdall.secrets -}}
{{- if ne (include "heimdall-pr.approach" .) "inline" -}}
{{- else if not (kindIs "map" $secrets) -}}
{{- $found = append $found (printf "%s is not a mapping of keys to strings." $path) -}}
{{- else -}}
{{- $required := keys (include "heimdall-pr.sources" . | fromJson) -}}
{{- range $spec := include "heimdall-pr.expected" . | fromYamlArray -}}
{{- $required = append $required .key -}}
{{- with include "heimdall-pr.bad.required" (dict "value" (index $secrets .key)) -}}
{{- $found = append $found (printf "%s: %s %s; expected: %s" $path $spec.key . $spec.expected) -}}
{{- end -}}
{{- end -}}
{{- range $key := keys $secrets | sortAlpha -}}
{{- with has $key $required | ternary "" (include "heimdall-pr.bad.other" (dict "root" $ "key" $key "value" (index $secrets $key))) -}}
{{- $found = append $found (printf "%s: %s" $path .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{/* What is wrong with a required key's value, or nothing. */}}
{{- define "heimdall-pr.bad.required" -}}
{{- if kindIs "invalid" .value -}}is missing
{{- else if not (kindIs "string" .value) -}}{{- include "heimdall-pr.bad.kind" . -}}
{{- else if include "heimdall-pr.fromEnvironment" .value -}}
{{- else if not (trim .value) -}}is empty
{{- else if regexMatch `[\r\n]\z` .value -}}ends with a line break
{{- else if regexMatch `(?s)\A.{0,7}\z` .value -}}is shorter than 8 characters
{{- end -}}
{{- end -}}

{{/* The same for any other key. Its name is shown only where it is a known one or close to it: a secret may stand where a
     name should. A certificate may end with a line break. */}}
{{- define "heimdall-pr.bad.other" -}}
{{- $known := has .key (include "heimdall-pr.optional" .root | fromJsonArray) -}}
{{- $name := ternary .key "an unknown key" $known -}}
{{- $meant := ternary "" (include "heimdall-pr.meant" .) $known -}}
{{- if $meant -}}{{ .key }} is not known; did you mean {{ $meant }}? (if not, add it to {{ include "heimdall-pr.valuesPath" .root }}.extraSecretKeys)
{{- else if not (regexMatch `\A[-._a-zA-Z0-9]+\z` .key) -}}{{ $name }} is no key that a Secret can have (letters, digits, '-', '_' and '.')
{{- else if not (kindIs "string" .value) -}}{{ $name }} {{ include "heimdall-pr.bad.kind" . }}
{{- else if and (regexMatch `[\r\n]\z` .value) (not (contains "-BEGIN" .value)) -}}{{ $name }} ends with a line break
{{- end -}}
{{- end -}}

{{- define "heimdall-pr.bad.kind" -}}
is not a string (write it in quotes, or use --set-string)
{{- end -}}

{{/* The known key that an unknown one is taken for: equal but for case, '-', '_' and '.' (so are the keys of older charts, such
     as jwtSecret), or one letter away. */}}
{{- define "heimdall-pr.meant" -}}
{{- $key := .key | upper | replace "_" "" | replace "-" "" | replace "." "" -}}
{{- $known := include "heimdall-pr.optional" .root | fromJsonArray -}}
{{- range include "heimdall-pr.required" .root | fromYamlArray -}}
{{- $known = prepend $known .key -}}
{{- end -}}
{{- $meant := "" -}}
{{- range $known -}}
{{- $letters := replace "_" "" . | upper -}}
{{- $near := list -}}
{{- range $i := until (len $letters) -}}
{{- $near = append $near (printf "%s.{0,2}%s" (substr 0 $i $letters) (substr (int (add1 $i)) (len $letters) $letters)) -}}
{{- end -}}
{{- if and (not $meant) (regexMatch (printf `\A(%s)\z` (join "|" $near)) $key) -}}
{{- $meant = . -}}
{{- end -}}
{{- end -}}
{{- $meant -}}
{{- end -}}
