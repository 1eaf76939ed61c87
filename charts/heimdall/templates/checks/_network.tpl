{{/* Addresses: what users type, and what serves it. */}}

{{- define "heimdall-pr.check.network" -}}
{{- $found := list -}}
{{- $prefix := include "heimdall-pr.prefix" . -}}
{{- $url := .Values.heimdall.externalUrl -}}
{{- $hosts := include "heimdall-pr.hosts" . | fromJsonArray -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) -}}
{{- $found = append $found (printf "%singress is enabled and has no hosts: write [heimdall.example.com]." $prefix) -}}
{{- end -}}
{{- range $i, $host := $hosts -}}
{{- if not (regexMatch `\A(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z` (toString $host)) -}}
{{- $found = append $found (printf "%s%s has an entry that is no host alone: lower-case letters, digits, '-' and '.', as heimdall.example.com, with no https:// and no path." $prefix (ternary "ingress.hosts" "httpRoute.hostnames" (and $.Values.ingress.enabled (has $host $.Values.ingress.hosts)))) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) -}}
{{- $found = append $found (printf "%shttpRoute is enabled and has no parentRefs: write [{name: GATEWAY}]." $prefix) -}}
{{- end -}}
{{- if and $url (not (regexMatch `\Ahttps?://[a-zA-Z0-9][-a-zA-Z0-9]*(\.[a-zA-Z0-9][-a-zA-Z0-9]*)*(:[0-9]+)?\z` $url)) -}}
{{- $found = append $found (printf "%sheimdall.externalUrl is no address of a host alone: write https://HOST or https://HOST:PORT, with no path and no '/' at its end." $prefix) -}}
{{- else if and $url $hosts -}}
{{- $host := regexReplaceAll `\Ahttps?://|:[0-9]+\z` $url "" | lower -}}
{{- if not (include "heimdall-pr.serves" (list . $host)) -}}
{{- $found = append $found (printf "%sheimdall.externalUrl is at %s, which neither %singress.hosts nor %shttpRoute.hostnames serves (%s): add it there, or write one of them here." $prefix $host $prefix $prefix (join ", " $hosts)) -}}
{{- end -}}
{{- else if and $hosts (hasPrefix "*" (first $hosts)) -}}
{{- $found = append $found (printf "%sheimdall.externalUrl can't be made of %s: write it, or put a host without '*' first." $prefix (first $hosts)) -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{/* (list ROOT HOST): "true" where one of the hosts is it, or a wildcard for it: an Ingress's stands for one label, an HTTPRoute's
     for any number. An HTTPRoute without hosts serves those of its gateway, which the chart does not know. */}}
{{- define "heimdall-pr.serves" -}}
{{- $host := last . -}}
{{- with (first .).Values.ingress -}}
{{- range ternary .hosts list .enabled -}}
{{- if eq $host (regexReplaceAll `\A\*` . (splitList "." $host | first)) -}}true{{- end -}}
{{- end -}}
{{- end -}}
{{- with (first .).Values.httpRoute -}}
{{- if and .enabled (not .hostnames) -}}true{{- end -}}
{{- range ternary .hostnames list .enabled -}}
{{- if or (eq $host .) (and (hasPrefix "*" .) (hasSuffix (trimPrefix "*" .) $host)) -}}true{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
