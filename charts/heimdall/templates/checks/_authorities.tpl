{{/* Certificates of authorities: each from one place, and none of them a key. */}}

{{- define "heimdall-pr.check.authorities" -}}
{{- range $name, $_ := .caVariables -}}
{{- if hasKey $.sources $name -}}
{{- include "heimdall-pr.refuse" (list $ (printf
  "%s.keys.%s is given, and a certificate for it is mounted too: leave one of them out." $.valuesPath $name)) -}}
{{- end -}}
{{- end -}}
{{- range .authorities -}}
{{- $paths := dict -}}
{{- range .sources -}}
{{- if hasKey $paths .path -}}
{{- include "heimdall-pr.refuse" (list $ (printf "%s%s has a configMap and a secret: leave one of them out." $.prefix .path)) -}}
{{- end -}}
{{- $_ := set $paths .path true -}}
{{- end -}}
{{- end -}}
{{- range $i, $more := .root.Values.heimdall.extraCa.more -}}
{{- if not (or $more.configMap $more.secret) -}}
{{- include "heimdall-pr.refuse" (list $ (printf "%s.extraCa.more[%d] names no configMap and no secret." $.valuesPath $i)) -}}
{{- end -}}
{{- end -}}
{{- range $name, $text := .root.Values.heimdall.extraCa.certificates -}}
{{- $path := printf "%s.extraCa.certificates" $.valuesPath -}}
{{- $shown := ternary (printf "%s.%s" $path $name) (printf "an entry of %s" $path) (regexMatch `\A[A-Za-z0-9][-_.A-Za-z0-9]{0,62}\z` $name) -}}
{{- if contains "PRIVATE KEY" $text -}}
{{- include "heimdall-pr.refuse" (list $ (printf "%s has a private key, and a ConfigMap is not secret: write the certificate alone." $shown)) -}}
{{- else if not (contains "-----BEGIN CERTIFICATE-----" $text) -}}
{{- include "heimdall-pr.refuse" (list $ (printf "%s is no certificate: write it as PEM, from -----BEGIN CERTIFICATE----- on." $shown)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
