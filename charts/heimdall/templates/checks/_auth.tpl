{{/* A login that is switched on has what it needs. */}}

{{- define "heimdall-pr.check.auth" -}}
{{- $found := list -}}
{{- $path := include "heimdall-pr.valuesPath" . -}}
{{- $providers := include "heimdall-pr.providers" . | fromYaml -}}
{{- range $name := include "heimdall-pr.enabledProviders" . | fromJsonArray -}}
{{- $missing := list -}}
{{- range index $providers $name "needs" -}}
{{- if not (dig $name . "" $.Values.heimdall.auth) -}}
{{- $missing = append $missing . -}}
{{- end -}}
{{- end -}}
{{- with $missing -}}
{{- $found = append $found (printf "%s.auth.%s is enabled and has no %s." $path $name (join ", no " .)) -}}
{{- end -}}
{{- if and (ne $name "ldap") (not (include "heimdall-pr.externalUrl" $)) -}}
{{- $found = append $found (printf "%s.auth.%s is enabled, and users come back from it to %s.externalUrl, which is empty: write https://HOST." $path $name $path) -}}
{{- end -}}
{{- range index $providers $name "secrets" -}}
{{- if and (eq (include "heimdall-pr.approach" $) "inline") (not (include "heimdall-pr.given" (list $ .))) -}}
{{- $found = append $found (printf "%s.auth.%s is enabled: %s.secrets.%s is missing." $path $name $path .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- with .Values.heimdall.auth.ldap -}}
{{- if and (or .ca.configMap .ca.secret) (not (and .enabled .ssl)) -}}
{{- $found = append $found (printf "%s.auth.ldap has a ca, and is not by TLS: write enabled: true and ssl: true, or leave it out." $path) -}}
{{- end -}}
{{- end -}}
{{- with .Values.heimdall.auth.oidc -}}
{{- if and .enabled .pkceS256 .pkcePlain -}}
{{- $found = append $found (printf "%s.auth.oidc has pkceS256 and pkcePlain: set one of them." $path) -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{/* (list ROOT KEY): "true" where an optional secret is in heimdall.secrets or comes by heimdall.keys. */}}
{{- define "heimdall-pr.given" -}}
{{- $secrets := (first .).Values.heimdall.secrets | default dict -}}
{{- if kindIs "map" $secrets -}}
{{- $names := ternary (list "GITLAB_SECRET" "GITLAB_CLIENTSECRET") (list (last .)) (eq (last .) "GITLAB_SECRET") -}}
{{- range $names -}}
{{- if or (hasKey $secrets .) (hasKey (include "heimdall-pr.sources" (first $) | fromJson) .) -}}true{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
