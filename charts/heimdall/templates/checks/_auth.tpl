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
{{- if not (include "heimdall-pr.given" (list $ .)) -}}
{{- $inline := printf "%s.secrets.%s is missing" $path . -}}
{{- $live := printf "the key %s of the Secret %s is missing or empty; add it where the Secret is made" . (include "heimdall-pr.secretName" $) -}}
{{- $found = append $found (printf "%s.auth.%s is enabled: %s." $path $name (ternary $inline $live (eq (include "heimdall-pr.approach" $) "inline"))) -}}
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

{{/* (list ROOT KEY): "true" where a login's secret is in heimdall.secrets or in the live existing Secret, comes by heimdall.keys, which
     are checked there, or can't be seen from here. */}}
{{- define "heimdall-pr.given" -}}
{{- $root := first . -}}
{{- $approach := include "heimdall-pr.approach" $root -}}
{{- $secrets := $root.Values.heimdall.secrets -}}
{{- range ternary (list "GITLAB_SECRET" "GITLAB_CLIENTSECRET") (list (last .)) (eq (last .) "GITLAB_SECRET") -}}
{{- if hasKey (include "heimdall-pr.sources" $root | fromJson) . -}}true
{{- else if eq $approach "inline" -}}
{{- if and (kindIs "map" $secrets) (hasKey $secrets .) -}}true{{- end -}}
{{- else if or (eq $approach "files") (ne (include "heimdall-pr.live" (list $root $root.Values.heimdall.existingSecret)) "there") -}}true
{{- else if include "heimdall-pr.liveValue" (list $root $root.Values.heimdall.existingSecret .) | b64dec | trim -}}true
{{- end -}}
{{- end -}}
{{- end -}}
