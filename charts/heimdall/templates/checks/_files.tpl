{{/* Paths of the approach "files". */}}

{{- define "heimdall-pr.check.files" -}}
{{- if eq .approach "files" -}}
{{- range $i, $file := .root.Values.heimdall.secretsFiles -}}
{{- if not (regexMatch `\A[^\r\n]*[^\s][^\r\n]*\z` (toString $file)) -}}
{{- include "heimdall-pr.refuse" (list $ (printf "%s.secretsFiles[%d] is not a file path." $.valuesPath $i)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
