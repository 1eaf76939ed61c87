{{/* Labels: what selects a pod, and what every object carries. */}}

{{/* (list ROOT COMPONENT) */}}
{{- define "heimdall-pr.selectorLabels" -}}
app.kubernetes.io/name: {{ include "heimdall-pr.name" (first .) }}
app.kubernetes.io/instance: {{ (first .).Release.Name | quote }}
app.kubernetes.io/component: {{ last . }}
{{- end -}}

{{/* (list ROOT COMPONENT): the chart's own win over commonLabels. */}}
{{- define "heimdall-pr.labels" -}}
{{- $root := first . -}}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" | quote }}
{{ include "heimdall-pr.selectorLabels" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
{{- range $name, $value := $root.Values.commonLabels }}
{{- if not (regexMatch `\A(app\.kubernetes\.io/(name|instance|component|version|managed-by)|helm\.sh/chart)\z` $name) }}
{{ $name }}: {{ $value | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/* (list ROOT COMPONENT LABELS): those of a pod: the user's, which can't replace those that select it. */}}
{{- define "heimdall-pr.podLabels" -}}
{{- $own := include "heimdall-pr.selectorLabels" (list (first .) (index . 1)) | fromYaml -}}
{{- merge $own (last . | default dict) ((first .).Values.commonLabels | default dict) | toYaml -}}
{{- end -}}
