{{/* (FACTS): the Deployment's annotations: the user's, and those for the Reloader, which restarts the pod when a Secret changes. */}}
{{- define "heimdall-pr.deploymentAnnotations" -}}
{{- $annotations := deepCopy (.root.Values.annotations | default dict) -}}
{{- if .root.Values.reloader.enabled -}}
{{- $names := .secretNames -}}
{{- $maps := list -}}
{{- range .authorities -}}
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
