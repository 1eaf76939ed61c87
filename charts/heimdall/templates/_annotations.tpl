{{/* The Deployment's annotations: the user's, and those for the Reloader, which restarts the pod when a Secret changes. */}}
{{- define "heimdall-pr.deploymentAnnotations" -}}
{{- $annotations := deepCopy (.Values.annotations | default dict) -}}
{{- if .Values.reloader.enabled -}}
{{- $names := include "heimdall-pr.secretNames" . | fromJsonArray -}}
{{- $_ := set $annotations "secret.reloader.stakater.com/reload" (join "," $names) -}}
{{- end -}}
{{- with $annotations -}}{{- toYaml . -}}{{- end -}}
{{- end -}}
