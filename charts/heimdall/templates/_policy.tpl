{{/* The policy on the Secret: its name and its expressions. */}}

{{/* It has no namespace, so its name holds it; a namespace has no dot. */}}
{{- define "heimdall-pr.policyName" -}}
{{- printf "%s.%s.heimdall-secrets" .Release.Namespace (include "heimdall-pr.fullname" .) -}}
{{- end -}}

{{/* A text of the contract, empty where somebody took it away: an error would refuse every Secret of the namespace. */}}
{{- define "heimdall-pr.policyParameter" -}}
(has(params.data) && '{{ . }}' in params.data ? params.data['{{ . }}'] : '')
{{- end -}}
