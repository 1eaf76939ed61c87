{{/* What the chart refuses by itself, besides what the library chart does: all of it at once, each with its fix, and never a value. */}}

{{/* (FACTS): each check takes the facts, and hands what it finds to `secrets-contract.v1.refuse`. */}}
{{- define "heimdall-pr.validate" -}}
{{- $_ := set . "found" list -}}
{{- range list "policy" "before" -}}
{{- $_ := include (printf "heimdall-pr.facts.%s" .) $ -}}
{{- end -}}
{{- $_ := include "heimdall-pr.config" . -}}
{{- $_ := include "secrets-contract.v1.produced" . -}}
{{- range list "names" "unknown" -}}
{{- $_ := include (printf "heimdall-pr.check.%s" .) $ -}}
{{- end -}}
{{- $_ := include "secrets-contract.v1.validate" . -}}
{{- range list "settings" "auth" "database" "volume" "password" "network" "authorities" "workload" "objects" "kubernetes" -}}
{{- $_ := include (printf "heimdall-pr.check.%s" .) $ -}}
{{- end -}}
{{- end -}}
