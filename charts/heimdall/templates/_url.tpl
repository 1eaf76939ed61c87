{{/* The address that users see. */}}

{{/* (FACTS): sets hosts, those that ingress and httpRoute serve, without entries of an older chart's shape; and externalUrl, else made of
     the first host: by https, unless an Ingress alone serves it without `tls`. */}}
{{- define "heimdall-pr.facts.addresses" -}}
{{- $hosts := list -}}
{{- with .root.Values.ingress -}}
{{- if .enabled -}}{{- $hosts = concat $hosts (.hosts | default list) -}}{{- end -}}
{{- end -}}
{{- with .root.Values.httpRoute -}}
{{- if .enabled -}}{{- $hosts = concat $hosts (.hostnames | default list) -}}{{- end -}}
{{- end -}}
{{- $texts := list -}}
{{- range $hosts -}}{{- if kindIs "string" . -}}{{- $texts = append $texts . -}}{{- end -}}{{- end -}}
{{- $hosts = $texts -}}
{{- $url := .root.Values.heimdall.externalUrl | default "" -}}
{{- $host := first $hosts | default "" -}}
{{- if and (not $url) $host (not (hasPrefix "*" $host)) -}}
{{- $plain := and .root.Values.ingress.enabled (not .root.Values.ingress.tls) -}}
{{- $url = printf "%s://%s" (ternary "http" "https" $plain) $host -}}
{{- end -}}
{{- $_ := set . "hosts" $hosts -}}
{{- $_ := set . "externalUrl" $url -}}
{{- end -}}
