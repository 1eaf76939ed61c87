{{/* What the chart refuses by itself: all of it at once, each with its fix, and never a value. */}}

{{/* (FACTS): each check takes the facts, and hands what it finds to `heimdall-pr.refuse`. */}}
{{- define "heimdall-pr.validate" -}}
{{- $_ := set . "found" list -}}
{{- $_ := include "heimdall-pr.facts.policy" . -}}
{{- $_ := include "heimdall-pr.produced" . -}}
{{- $_ := include "heimdall-pr.config" . -}}
{{- range list "names" "unknown" "approach" "existing" "keys" "inline" "files" "ownership" "settings" "auth" "database"
  "volume" "password" "network" "authorities" "workload" "objects" "gate" "kubernetes" -}}
{{- $_ := include (printf "heimdall-pr.check.%s" .) $ -}}
{{- end -}}
{{- with .found -}}
{{- fail (printf "\n\nheimdall: nothing was rendered: %s\n\n%s\n" (include "heimdall-pr.count" .) (join "\n" .)) -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS MESSAGE) */}}
{{- define "heimdall-pr.refuse" -}}
{{- $_ := set (first .) "found" (append (first .).found (last . | trim)) -}}
{{- end -}}

{{- define "heimdall-pr.count" -}}
{{- len . }} {{ ternary "error" "errors" (eq (len .) 1) -}}
{{- end -}}
