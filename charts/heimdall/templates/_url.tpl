{{/* The address that users see. */}}

{{/* The hosts that ingress and httpRoute serve, as a JSON list. */}}
{{- define "heimdall-pr.hosts" -}}
{{- $hosts := list -}}
{{- if .Values.ingress.enabled -}}
{{- $hosts = concat $hosts (.Values.ingress.hosts | default list) -}}
{{- end -}}
{{- if .Values.httpRoute.enabled -}}
{{- $hosts = concat $hosts (.Values.httpRoute.hostnames | default list) -}}
{{- end -}}
{{- toJson $hosts -}}
{{- end -}}

{{/* externalUrl, else the first host: by https, save where an Ingress alone serves it without `tls`. */}}
{{- define "heimdall-pr.externalUrl" -}}
{{- $host := include "heimdall-pr.hosts" . | fromJsonArray | first | default "" -}}
{{- if .Values.heimdall.externalUrl -}}
{{- .Values.heimdall.externalUrl -}}
{{- else if and $host (not (hasPrefix "*" $host)) -}}
{{- $plain := and .Values.ingress.enabled (not .Values.ingress.tls) -}}
{{- printf "%s://%s" (ternary "http" "https" $plain) $host -}}
{{- end -}}
{{- end -}}
