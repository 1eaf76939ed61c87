{{/* No approach at all: the three ways, each to be copied. */}}

{{- define "heimdall-pr.check.approach" -}}
{{- $found := list -}}
{{- $path := include "heimdall-pr.valuesPath" . -}}
{{- if or .Values.heimdall.existingSecret .Values.heimdall.secrets .Values.heimdall.secretsFiles -}}
{{- else if not (include "heimdall-pr.expected" . | fromYamlArray) -}}
{{- $first := include "heimdall-pr.source" (list . "JWT_SECRET") | fromJson -}}
{{- $found = append $found (printf "%s.keys names where each of the four comes from, and %s.existingSecret is empty: name one of these Secrets there, which the optional keys come from: --set %s.existingSecret=%s" $path $path $path $first.secret) -}}
{{- else -}}
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
