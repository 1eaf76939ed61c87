{{/* Paths of the approach "files". */}}

{{- define "heimdall-pr.check.files" -}}
{{- $found := list -}}
{{- if eq (include "heimdall-pr.approach" .) "files" -}}
{{- range $i, $file := .Values.heimdall.secretsFiles -}}
{{- if not (regexMatch `\A[^\r\n]*[^\s][^\r\n]*\z` (toString $file)) -}}
{{- $found = append $found (printf "%s.secretsFiles[%d] is no path of a file." (include "heimdall-pr.valuesPath" $) $i) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}
