{{/* Addresses: what users type, and what serves it. */}}

{{- define "heimdall-pr.check.network" -}}
{{- $prefix := .prefix -}}
{{- $url := .root.Values.heimdall.externalUrl -}}
{{- $ingress := .root.Values.ingress -}}
{{- if and $ingress.enabled (not $ingress.hosts) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  "%singress is enabled and has no hosts: write [heimdall.example.com]." $prefix)) -}}
{{- end -}}
{{- range $i, $tls := $ingress.tls -}}
{{- if not $tls.secretName -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  "%singress.tls[%d] has no secretName: name the Secret with the certificate." $prefix $i)) -}}
{{- end -}}
{{- end -}}
{{- range .hosts -}}
{{- if not (regexMatch `\A(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z` (toString .)) -}}
{{- $place := ternary "ingress.hosts" "httpRoute.hostnames" (and $ingress.enabled (has . $ingress.hosts)) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  (cat "%s%s has an entry that is not just a host: lower-case letters, digits, '-' and '.', such as heimdall.example.com, with no https://"
    "and no path.")
  $prefix $place)) -}}
{{- end -}}
{{- end -}}
{{- if and .root.Values.httpRoute.enabled (not .root.Values.httpRoute.parentRefs) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  "%shttpRoute is enabled and has no parentRefs: write [{name: GATEWAY}]." $prefix)) -}}
{{- end -}}
{{- if and $url (not (regexMatch `\Ahttps?://[a-zA-Z0-9][-a-zA-Z0-9]*(\.[a-zA-Z0-9][-a-zA-Z0-9]*)*(:[0-9]+)?\z` $url)) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  (cat "%sheimdall.externalUrl is not just a scheme and a host: write https://HOST or https://HOST:PORT, with no path and no '/' at its"
    "end.")
  $prefix)) -}}
{{- else if and $url .hosts -}}
{{- $host := regexReplaceAll `\Ahttps?://|:[0-9]+\z` $url "" | lower -}}
{{- if not (include "heimdall-pr.serves" (list .root $host)) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  (cat "%sheimdall.externalUrl is at %s, which neither %singress.hosts nor %shttpRoute.hostnames serves (%s): add it there, or write"
    "one of them here.")
  $prefix $host $prefix $prefix (join ", " .hosts))) -}}
{{- end -}}
{{- else if and .hosts (hasPrefix "*" (first .hosts)) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  "%sheimdall.externalUrl can't be made of %s: write it, or put a host without '*' first." $prefix (first .hosts))) -}}
{{- end -}}
{{- end -}}

{{/* (list ROOT HOST): "true" if one of the hosts is it, or a wildcard for it: an Ingress's replaces one label, an HTTPRoute's any
     number. An HTTPRoute without hosts serves those of its gateway, which the chart does not know. */}}
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
