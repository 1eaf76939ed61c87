{{/* No approach at all: the three ways, each to be copied. */}}

{{- define "heimdall-pr.check.approach" -}}
{{- $path := .valuesPath -}}
{{- with .root.Values.heimdall -}}
{{- if or .existingSecret .secrets .secretsFiles -}}
{{- else if $.expected -}}
{{- include "heimdall-pr.refuse" (list $ (include "heimdall-pr.text.approach" $path)) -}}
{{- else -}}
{{- include "heimdall-pr.refuse" (list $ (printf
  (cat "%s.keys names where each of the four comes from, and %s.existingSecret is empty: name one of these Secrets there, which the"
    "optional keys come from: --set %s.existingSecret=%s")
  $path $path $path $.sources.JWT_SECRET.secret)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "heimdall-pr.text.approach" }}
No secrets: set one of these three.
  existing Secret  --set {{ . }}.existingSecret=NAME
  inline           --set-string {{ . }}.secrets.JWT_SECRET=… and so on, or the map {{ . }}.secrets in a values file
  files            heimdall-pr generate env/heimdall-secrets.yaml
                   --set '{{ . }}.secretsFiles={env/heimdall-secrets.yaml}' --post-renderer heimdall-pr
{{ end -}}
