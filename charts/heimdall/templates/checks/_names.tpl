{{/* Names of objects, the chart's own and those that it is given, are what an API server takes. */}}

{{- define "heimdall-pr.check.names" -}}
{{- $found := list -}}
{{- $prefix := include "heimdall-pr.prefix" . -}}
{{- if not (regexMatch `\A[a-z]` (include "heimdall-pr.fullname" .)) -}}
{{- $found = append $found (printf "The objects would be called %s, and a Service's name begins with a letter: set %sfullnameOverride." (include "heimdall-pr.fullname" .) $prefix) -}}
{{- end -}}
{{- range $path, $name := include "heimdall-pr.givenNames" . | fromJson -}}
{{- if and $name (not (include "heimdall-pr.isName" $name)) -}}
{{- $found = append $found (printf "%s%s is no name of an object (%s)." $prefix $path (include "heimdall-pr.text.name" .)) -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{/* The names by the path of their value, as JSON; the Secrets of existingSecret and keys have sentences of their own. */}}
{{- define "heimdall-pr.givenNames" -}}
{{- $names := dict "serviceAccount.name" .Values.serviceAccount.name "postgresql.persistence.existingClaim" .Values.postgresql.persistence.existingClaim -}}
{{- range include "heimdall-pr.authorities" . | fromYaml -}}
{{- $_ := set $names (printf "%s.configMap" .path) .from.configMap -}}
{{- $_ := set $names (printf "%s.secret" .path) .from.secret -}}
{{- end -}}
{{- range $i, $tls := .Values.ingress.tls -}}
{{- $_ := set $names (printf "ingress.tls[%d].secretName" $i) $tls.secretName -}}
{{- end -}}
{{- range $path, $secrets := dict "imagePullSecrets" .Values.imagePullSecrets "global.imagePullSecrets" (dig "imagePullSecrets" list (.Values.global | default dict)) -}}
{{- range $i, $secret := $secrets -}}
{{- $_ := set $names (printf "%s[%d]" $path $i) (include "heimdall-pr.pullSecret" $secret) -}}
{{- end -}}
{{- end -}}
{{- toJson $names -}}
{{- end -}}

{{/* The text itself where it can be the name of an object, else nothing. */}}
{{- define "heimdall-pr.isName" -}}
{{- if and (le (len .) 253) (regexMatch `\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z` .) -}}{{- . -}}{{- end -}}
{{- end -}}

{{- define "heimdall-pr.text.name" -}}
lower-case letters, digits, '-' and '.', with a letter or digit at both ends and beside each '.'
{{- end -}}
