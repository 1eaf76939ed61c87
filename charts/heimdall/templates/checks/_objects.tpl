{{/* extraObjects: each is an object, and none can be the chart's own Secret. */}}

{{- define "heimdall-pr.check.objects" -}}
{{- $found := list -}}
{{- $prefix := include "heimdall-pr.prefix" . -}}
{{- range $at, $text := .Values.extraObjects -}}
{{- if and (kindIs "string" $text) (include "heimdall-pr.secretText" (toString $text)) -}}
{{- $found = append $found (printf "%sextraObjects[%v] is a text with a Secret and templates in it, which Helm would print with its values where a template fails: write it as an object." $prefix $at) -}}
{{- end -}}
{{- end -}}
{{- range include "heimdall-pr.objects" . | fromYamlArray -}}
{{- if not (and .apiVersion .kind) -}}
{{- $found = append $found (printf "%sextraObjects has an entry that is no object: it needs apiVersion and kind." $prefix) -}}
{{- end -}}
{{- end -}}
{{- $own := include "heimdall-pr.ownSecret" . -}}
{{- if and (ne (include "heimdall-pr.approach" .) "existing") (has $own (include "heimdall-pr.produced" . | fromJsonArray)) -}}
{{- $found = append $found (printf "%sextraObjects makes the Secret %s, which the chart makes itself: name it in %sheimdall.existingSecret instead." $prefix $own $prefix) -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}
