{{/* The further objects of the release, and which Secrets they make. */}}

{{/* (FACTS): sets objects, extraObjects as a list: objects as they are (External Secrets and others have templates of their own in
     them), texts with their templates filled in, each a document or several. */}}
{{- define "heimdall-pr.objects" -}}
{{- $objects := list -}}
{{- range .root.Values.extraObjects -}}
{{- if and (kindIs "string" .) (not (include "heimdall-pr.secretText" .)) -}}
{{- range regexSplit `(?m)^---(?:[ \t].*)?$` (tpl . $.root) -1 -}}
{{- with fromYaml . -}}{{- $objects = append $objects . -}}{{- end -}}
{{- end -}}
{{- else if kindIs "map" . -}}
{{- $objects = append $objects . -}}
{{- end -}}
{{- end -}}
{{- $_ := set . "objects" $objects -}}
{{- end -}}

{{/* "true" for a text with a Secret and templates in it: Helm prints such a text whole if a template fails. */}}
{{- define "heimdall-pr.secretText" -}}
{{- if and (contains "{{" .) (regexMatch `(?m)^\s*["']?kind["']?\s*:\s*["']?Secret["']?\s*(#.*)?$` .) -}}true{{- end -}}
{{- end -}}

