{{/* The policy on the Secret: its name and its expressions. */}}

{{/* It has no namespace, so its name holds it; a namespace has no dot. */}}
{{- define "heimdall-pr.policyName" -}}
{{- printf "%s.%s.heimdall-secrets" .Release.Namespace (include "heimdall-pr.fullname" .) -}}
{{- end -}}

{{/* The keys that are expected in the Secret, as items of a list in CEL. They are written out and no parameter of the policy: an API
     server stops to look after parameters that are ConfigMaps once no binding asks for one (kubernetes/kubernetes#130887), and
     every policy made after that would be without effect until the API server is started again. */}}
{{- define "heimdall-pr.policyKeys" -}}
{{- $keys := list -}}
{{- range include "heimdall-pr.expected" . | fromYamlArray -}}
{{- $keys = append $keys (printf "'%s'" .key) -}}
{{- end -}}
{{- join ", " $keys -}}
{{- end -}}
