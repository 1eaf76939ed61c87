{{/* What the chart refuses by itself, besides what the library chart does: all of it at once, each with its fix, and never a value. */}}

{{/* (FACTS): each check takes the facts, and hands what it finds to `secrets-contract.v1.refuse`. */}}
{{- define "heimdall-pr.validate" -}}
{{- $_ := set . "found" list -}}
{{- $_ := include "heimdall-pr.facts.policy" . -}}
{{- $_ := include "heimdall-pr.facts.before" . -}}
{{- $_ := include "heimdall-pr.config" . -}}
{{- range list "names" "unknown" "settings" "auth" "database" "volume" "password" "network" "authorities" "workload" "objects"
  "kubernetes" -}}
{{- $_ := include (printf "heimdall-pr.check.%s" .) $ -}}
{{- end -}}
{{- end -}}
