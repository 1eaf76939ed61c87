{{/* The policy on the Secret: its name and its expressions. */}}

{{/* It has no namespace, so its name contains it; a namespace has no dot. */}}
{{- define "heimdall-pr.policyName" -}}
{{- printf "%s.%s.heimdall-secrets" .Release.Namespace (include "heimdall-pr.fullname" .) -}}
{{- end -}}

{{/* (FACTS): the keys that are expected in the Secret, as items of a list in CEL. They are written out and are no parameter of the
     policy: an API server no longer watches parameters that are ConfigMaps once no binding asks for one
     (kubernetes/kubernetes#130887), and every policy made after that would have no effect until the API server restarts. */}}
{{- define "heimdall-pr.policyKeys" -}}
{{- $keys := list -}}
{{- range .expected -}}
{{- $keys = append $keys (printf "'%s'" .key) -}}
{{- end -}}
{{- join ", " $keys -}}
{{- end -}}
