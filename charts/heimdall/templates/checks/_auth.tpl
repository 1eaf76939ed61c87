{{/* A login that is enabled has what it needs. */}}

{{- define "heimdall-pr.check.auth" -}}
{{- $path := .valuesPath -}}
{{- $auth := .root.Values.heimdall.auth -}}
{{- range $name, $provider := .providers -}}
{{- $missing := list -}}
{{- range $provider.needs -}}
{{- if not (dig $name . "" $auth) -}}
{{- $missing = append $missing . -}}
{{- end -}}
{{- end -}}
{{- with $missing -}}
{{- include "heimdall-pr.refuse" (list $ (printf "%s.auth.%s is enabled and has no %s." $path $name (join ", no " .))) -}}
{{- end -}}
{{- if and (ne $name "ldap") (not $.externalUrl) -}}
{{- include "heimdall-pr.refuse" (list $ (printf
  "%s.auth.%s is enabled, and users come back from it to %s.externalUrl, which is empty: write https://HOST." $path $name $path)) -}}
{{- end -}}
{{- range $provider.secrets -}}
{{- if not (include "heimdall-pr.given" (list $ .)) -}}
{{- $what := printf "%s.secrets.%s is missing" $path . -}}
{{- if ne $.approach "inline" -}}
{{- $what = printf "the key %s of the Secret %s is missing or empty; add it where the Secret is made" . $.secret -}}
{{- end -}}
{{- include "heimdall-pr.refuse" (list $ (printf "%s.auth.%s is enabled: %s." $path $name $what)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- with $auth.ldap -}}
{{- if and (or .ca.configMap .ca.secret) (not (and .enabled .ssl)) -}}
{{- include "heimdall-pr.refuse" (list $ (printf
  "%s.auth.ldap has a ca, but does not use TLS: write enabled: true and ssl: true, or leave it out." $path)) -}}
{{- end -}}
{{- end -}}
{{- with $auth.oidc -}}
{{- if and .enabled .pkceS256 .pkcePlain -}}
{{- include "heimdall-pr.refuse" (list $ (printf "%s.auth.oidc has pkceS256 and pkcePlain: set one of them." $path)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS KEY): "true" if a login's secret is in heimdall.secrets or in the live existing Secret, if it comes by heimdall.keys,
     which are checked by themselves, or if it can't be seen from here. */}}
{{- define "heimdall-pr.given" -}}
{{- $facts := first . -}}
{{- $secrets := $facts.root.Values.heimdall.secrets -}}
{{- range ternary (list "GITLAB_SECRET" "GITLAB_CLIENTSECRET") (list (last .)) (eq (last .) "GITLAB_SECRET") -}}
{{- if hasKey $facts.sources . -}}true
{{- else if eq $facts.approach "inline" -}}
{{- if and (kindIs "map" $secrets) (hasKey $secrets .) -}}true{{- end -}}
{{- else if or (eq $facts.approach "files") (ne (include "heimdall-pr.live" (list $facts $facts.secret)) "there") -}}true
{{- else if include "heimdall-pr.liveValue" (list $facts.root $facts.secret .) | b64dec | trim -}}true
{{- end -}}
{{- end -}}
{{- end -}}
