{{/* The Deployment's annotations: the user's, and those for the Reloader, which restarts the pod when a Secret changes. */}}
{{- define "heimdall-pr.deploymentAnnotations" -}}
{{- $annotations := deepCopy (.Values.annotations | default dict) -}}
{{- if .Values.reloader.enabled -}}
{{- $names := include "heimdall-pr.secretNames" . | fromJsonArray -}}
{{- $maps := list -}}
{{- range include "heimdall-pr.authorities" . | fromYaml -}}
{{- with .from.secret -}}{{- $names = append $names . -}}{{- end -}}
{{- with .from.configMap -}}{{- $maps = append $maps . -}}{{- end -}}
{{- end -}}
{{- $_ := set $annotations "secret.reloader.stakater.com/reload" (uniq $names | join ",") -}}
{{- with $maps -}}
{{- $_ := set $annotations "configmap.reloader.stakater.com/reload" (uniq . | join ",") -}}
{{- end -}}
{{- end -}}
{{- with $annotations -}}{{- toYaml . -}}{{- end -}}
{{- end -}}
