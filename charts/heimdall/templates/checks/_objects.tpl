{{/* extraObjects: each is an object. */}}

{{- define "heimdall-pr.check.objects" -}}
{{- $prefix := .prefix -}}
{{- range $at, $text := .root.Values.extraObjects -}}
{{- if and (kindIs "string" $text) (include "heimdall-pr.secretText" (toString $text)) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  (cat "%sextraObjects[%v] is a text with a Secret and templates in it, which Helm would print with its values if a template"
    "fails: write it as an object.")
  $prefix $at)) -}}
{{- end -}}
{{- end -}}
{{- range .objects -}}
{{- if not (and .apiVersion .kind) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  "%sextraObjects has an entry that is not an object: it needs apiVersion and kind." $prefix)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
