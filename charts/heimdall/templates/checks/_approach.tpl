{{/* No approach at all: the three ways, each to be copied. */}}

{{- define "heimdall-pr.check.approach" -}}
{{- $found := list -}}
{{- $path := include "heimdall-pr.valuesPath" . -}}
{{- if not (or .Values.heimdall.existingSecret .Values.heimdall.secrets .Values.heimdall.secretsFiles) -}}
{{- $found = append $found (include "heimdall-pr.text.approach" $path | trim) -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{- define "heimdall-pr.text.approach" }}
No secrets: set one of these three.
  existing Secret  --set {{ . }}.existingSecret=NAME
  inline           --set-string {{ . }}.secrets.JWT_SECRET=… and so on, or the map {{ . }}.secrets in a values file
  files            heimdall-pr generate env/heimdall-secrets.yaml
                   --set '{{ . }}.secretsFiles={env/heimdall-secrets.yaml}' --post-renderer heimdall-pr
{{ end -}}
