{{/* Where a pod runs and how it reaches others: the same fields for each workload, each only if it is set. */}}
{{- define "heimdall-pr.scheduling" -}}
{{- $fields := pick .
  "affinity" "dnsConfig" "hostAliases" "nodeSelector" "priorityClassName" "runtimeClassName" "tolerations"
  "topologySpreadConstraints" -}}
{{- range $name, $value := $fields -}}
{{- if not $value -}}
{{- $_ := unset $fields $name -}}
{{- end -}}
{{- end -}}
{{- with $fields -}}{{- toYaml . -}}{{- end -}}
{{- end -}}
