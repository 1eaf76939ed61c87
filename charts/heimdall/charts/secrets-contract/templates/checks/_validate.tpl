{{/* What the library refuses by itself: all of it at once, each with its fix, and never a value. */}}

{{/* (FACTS): adds what it finds to FACTS.found, a list of texts in which a chart's own may be already. */}}
{{- define "secrets-contract.v1.validate" -}}
{{- if not (hasKey . "found") -}}{{- $_ := set . "found" list -}}{{- end -}}
{{- $_ := include "secrets-contract.v1.facts.rules" . -}}
{{- $_ := include "secrets-contract.v1.produced" . -}}
{{- $checks := list "library" "spec" "fields" "block" "options" "approach" "existing" "keys" "inline" "groups"
  "files" "ownership" "produced" "gate" -}}
{{- range .spec.skip -}}{{- $checks = without $checks . -}}{{- end -}}
{{- range $checks -}}
{{- $_ := include (printf "secrets-contract.v1.check.%s" .) $ -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS MESSAGE) */}}
{{- define "secrets-contract.v1.refuse" -}}
{{- $_ := set (first .) "found" (append (first .).found (last . | trim)) -}}
{{- end -}}

{{/* (FACTS): the render fails if anything was found. */}}
{{- define "secrets-contract.v1.fail" -}}
{{- with .found -}}
{{- $count := printf "%d %s" (len .) (ternary "error" "errors" (eq (len .) 1)) -}}
{{- fail (printf "\n\n%s: nothing was rendered: %s\n\n%s\n" $.spec.application $count (join "\n" .)) -}}
{{- end -}}
{{- end -}}
