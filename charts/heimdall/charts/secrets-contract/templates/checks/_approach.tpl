{{/* No approach at all: the three ways, each to be copied. */}}

{{- define "secrets-contract.v1.check.approach" -}}
{{- $path := .valuesPath -}}
{{- if or .block.existingSecret .block.secrets .block.secretsFiles -}}
{{- else if or .expected .spec.oneOf -}}
{{- include "secrets-contract.v1.refuse" (list . (include "secrets-contract.v1.text.approach" .)) -}}
{{- else if .sources -}}
{{- include "secrets-contract.v1.refuse" (list . (printf
  (cat "%s.keys names where each required key comes from, and %s.existingSecret is empty: name one of these Secrets there, which the"
    "optional keys come from: --set %s.existingSecret=%s")
  $path $path $path (get .from (first .declared)).secret)) -}}
{{- end -}}
{{- end -}}

{{/* (FACTS) */}}
{{- define "secrets-contract.v1.text.approach" }}
{{- $path := .valuesPath }}
{{- $first := first (append .expected (dict "key" (first .known))) -}}
{{- $key := $first.key | replace "." "\\." }}
{{- $file := .spec.file | default (printf "%s-secrets.yaml" .spec.application) }}
No secrets: set one of these three.
  existing Secret  --set {{ $path }}.existingSecret=NAME
  inline           --set-string {{ $path }}.secrets.{{ $key }}=… and so on, or the map {{ $path }}.secrets in a values file
  files            {{ .spec.generate | default (printf "a YAML file with the keys, such as %s" $file) }}
                   --set '{{ $path }}.secretsFiles={ {{- $file -}} }' --post-renderer heimdall-pr
{{ end -}}
