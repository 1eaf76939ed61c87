{{/* What the objects are called is what an API server takes. */}}

{{- define "heimdall-pr.check.names" -}}
{{- $found := list -}}
{{- if not (regexMatch `\A[a-z]` (include "heimdall-pr.fullname" .)) -}}
{{- $found = append $found (printf "The objects would be called %s, and a Service's name begins with a letter: set %sfullnameOverride." (include "heimdall-pr.fullname" .) (include "heimdall-pr.prefix" .)) -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}
