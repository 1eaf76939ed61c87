{{/* extraObjects: each is an object, and none can be the chart's own Secret. */}}

{{- define "heimdall-pr.check.objects" -}}
{{- $found := list -}}
{{- $prefix := include "heimdall-pr.prefix" . -}}
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
