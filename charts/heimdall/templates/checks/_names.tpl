{{/* Names of objects, the chart's own and those that it is given, are ones that an API server takes. */}}

{{- define "heimdall-pr.check.names" -}}
{{- if not (regexMatch `\A[a-z]` .fullname) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  "The objects would be called %s, and a Service's name begins with a letter: set %sfullnameOverride." .fullname .prefix)) -}}
{{- end -}}
{{- $names := dict -}}
{{- $_ := include "heimdall-pr.givenNames" (list . $names) -}}
{{- range $path, $name := $names -}}
{{- if and $name (not (include "secrets-contract.v1.isName" $name)) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  "%s%s is not a valid object name (%s)." $.prefix $path (include "secrets-contract.v1.text.name" .))) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS NAMES): sets in NAMES the names by the path of their value; the Secrets of existingSecret and keys have messages of
     their own. */}}
{{- define "heimdall-pr.givenNames" -}}
{{- $values := (first .).root.Values -}}
{{- $names := last . -}}
{{- $_ := set $names "serviceAccount.name" $values.serviceAccount.name -}}
{{- $_ := set $names "postgresql.persistence.existingClaim" $values.postgresql.persistence.existingClaim -}}
{{- range (first .).authorities -}}
{{- range .sources -}}{{- $_ := set $names (printf "%s.%s" .path .kind) .name -}}{{- end -}}
{{- end -}}
{{- range $i, $tls := $values.ingress.tls -}}
{{- $_ := set $names (printf "ingress.tls[%d].secretName" $i) $tls.secretName -}}
{{- end -}}
{{- range $i, $secret := $values.imagePullSecrets -}}
{{- $_ := set $names (printf "imagePullSecrets[%d]" $i) (include "heimdall-pr.pullSecret" $secret) -}}
{{- end -}}
{{- range $i, $secret := dig "imagePullSecrets" list ($values.global | default dict) -}}
{{- $_ := set $names (printf "global.imagePullSecrets[%d]" $i) (include "heimdall-pr.pullSecret" $secret) -}}
{{- end -}}
{{- end -}}

