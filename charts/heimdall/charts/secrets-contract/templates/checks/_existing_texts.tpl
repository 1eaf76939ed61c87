{{/* What is said of an existing Secret, each with the commands. */}}

{{/* (FACTS) */}}
{{- define "secrets-contract.v1.text.absent" }}
{{- $keys := list -}}
{{- range .expected -}}{{- $keys = append $keys .key -}}{{- end }}
{{- $_ := include "secrets-contract.v1.facts.ungrouped" (list . dict false) }}
The Secret {{ .secret }} ({{ .valuesPath }}.existingSecret) is not in the namespace {{ .namespace }}.
  {{ with $keys }}It needs the keys {{ join ", " . }}. {{ end -}}
  {{ range .ungrouped }}It must have {{ . | trimPrefix "it needs " }}. {{ end -}}
  Let your secret manager create it, or:
    kubectl create secret generic {{ .secret }} --namespace {{ .namespace }}
    {{- range .expected }} \
      --from-literal={{ .key }}="{{ .word }}"
    {{- end }}
  If it is created a little later, wait for it: --set {{ .paths.gate }}.enabled=true
  If a parent chart creates it: --set {{ .valuesPath }}.verifyExisting=false
{{ end -}}

{{/* (FACTS) */}}
{{- define "secrets-contract.v1.text.incomplete" }}
{{- $pairs := list -}}
{{- $missing := false -}}
{{- range .bad -}}{{- $missing = or $missing (hasPrefix "is missing" .) -}}{{- end }}
The Secret {{ .secret }} ({{ .valuesPath }}.existingSecret) in the namespace {{ .namespace }}
{{- ternary " is not complete." " has values that can't be meant." (or $missing (not (empty .ungrouped))) }}
{{- $keys := list -}}
{{- range .expected }}
{{- if hasKey $.renamed .key }}
{{- $name := get $.renamed .key }}
{{- $keys = append $keys (printf "%s.keys.%s.key=%s" $.valuesPath (.key | replace "." "\\.") $name) }}
  {{ .key }} is missing: the Secret has {{ $name }}
{{- else if hasKey $.bad .key }}
{{- $pairs = append $pairs (printf `\"%s\":\"%s\"` .key .word) }}
  {{ .key }} {{ get $.bad .key }}{{ ternary ": " "; expected: " (hasPrefix "is missing" (get $.bad .key)) }}{{ .expected }}
{{- end }}
{{- end }}
{{- range .optional }}
{{- if hasKey $.bad . }}
{{- $pairs = append $pairs (printf `\"%s\":\"%s\"` . (include "secrets-contract.v1.asked" .)) }}
  {{ . }} {{ get $.bad . }}
{{- end }}
{{- end }}
{{- range .ungrouped }}
  {{ . }}
{{- end }}
{{- if $keys }}
  Take what it has under its own name:
    --set {{ join "," $keys }}
{{- end }}
{{- if $pairs }}
  Change it where your secret manager takes it from, or, if you made the Secret by hand:
    kubectl patch secret {{ .secret }} --namespace {{ .namespace }} --patch "{\"stringData\":{ {{- join "," $pairs -}} }}"
{{- end }}
{{ end -}}
