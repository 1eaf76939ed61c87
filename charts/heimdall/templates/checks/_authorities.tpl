{{/* Certificates of authorities: each from one place, and none of them a key. */}}

{{- define "heimdall-pr.check.authorities" -}}
{{- range $name, $_ := .caVariables -}}
{{- if hasKey $.sources $name -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  "%s.keys.%s is given, and a certificate for it is mounted too: leave one of them out." $.valuesPath $name)) -}}
{{- end -}}
{{- end -}}
{{- range .authorities -}}
{{- $paths := dict -}}
{{- range .sources -}}
{{- if hasKey $paths .path -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s%s has a configMap and a secret: leave one of them out." $.prefix .path)) -}}
{{- end -}}
{{- $_ := set $paths .path true -}}
{{- end -}}
{{- end -}}
{{- range $i, $more := .root.Values.heimdall.extraCa.more -}}
{{- if not (or $more.configMap $more.secret) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s.extraCa.more[%d] names no configMap and no secret." $.valuesPath $i)) -}}
{{- end -}}
{{- end -}}
{{- range $name, $text := .root.Values.heimdall.extraCa.certificates -}}
{{- with include "heimdall-pr.bad.certificate" $text -}}
{{- $path := printf "%s.extraCa.certificates" $.valuesPath -}}
{{- $isShown := regexMatch `\A[A-Za-z0-9][-_.A-Za-z0-9]{0,62}\z` $name -}}
{{- $shown := ternary (printf "%s.%s" $path $name) (printf "an entry of %s" $path) $isShown -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s %s" $shown .)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (TEXT): what is wrong with a certificate, or nothing. */}}
{{- define "heimdall-pr.bad.certificate" -}}
{{- if contains "PRIVATE KEY" . -}}has a private key, and a ConfigMap is not secret: write the certificate alone.
{{- else if not (contains "-----BEGIN CERTIFICATE-----" .) -}}is no certificate: write it as PEM, from -----BEGIN CERTIFICATE----- on.
{{- end -}}
{{- end -}}
