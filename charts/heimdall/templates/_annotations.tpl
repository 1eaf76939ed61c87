{{/* (FACTS): the Deployment's annotations: the user's, and those for the Reloader, which restarts the pod when a Secret changes. */}}
{{- define "heimdall-pr.deploymentAnnotations" -}}
{{- $annotations := deepCopy (.root.Values.annotations | default dict) -}}
{{- if .root.Values.reloader.enabled -}}
{{- $names := .secretNames -}}
{{- $maps := list -}}
{{- range .authorities -}}
{{- range .sources -}}
{{- if eq .kind "secret" -}}{{- $names = append $names .name -}}
{{- else if .path -}}{{- $maps = append $maps .name -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $_ := set $annotations "secret.reloader.stakater.com/reload" (uniq $names | join ",") -}}
{{- with $maps -}}
{{- $_ := set $annotations "configmap.reloader.stakater.com/reload" (uniq . | join ",") -}}
{{- end -}}
{{- end -}}
{{- with $annotations -}}{{- toYaml . -}}{{- end -}}
{{- end -}}
