{{/* Which Secret and which key in it feed a variable, and what the contract says of it. */}}

{{/* (FACTS): sets sources, from, expected, secretNames. */}}
{{- define "heimdall-pr.facts.sources" -}}
{{- $sources := dict -}}
{{- $names := list .secret -}}
{{- range $name, $from := .root.Values.heimdall.keys -}}
{{- if kindIs "map" $from -}}
{{- $secret := $from.secret | default $.root.Values.heimdall.existingSecret | default "" -}}
{{- $_ := set $sources $name (dict "secret" $secret "key" ($from.key | default $name)) -}}
{{- $names = append $names $secret -}}
{{- end -}}
{{- end -}}
{{- $from := dict -}}
{{- range .known -}}
{{- $_ := set $from . (get $sources . | default (dict "secret" $.secret "key" .)) -}}
{{- end -}}
{{- $expected := list -}}
{{- range .required -}}
{{- if not (hasKey $sources .key) -}}
{{- $expected = append $expected . -}}
{{- end -}}
{{- end -}}
{{- $_ := set . "sources" $sources -}}
{{- $_ := set . "from" $from -}}
{{- $_ := set . "expected" $expected -}}
{{- $_ := set . "secretNames" (uniq $names) -}}
{{- end -}}

{{/* (SOURCE): the name and key of a secretKeyRef. */}}
{{- define "heimdall-pr.secretKeyRef" -}}
name: {{ .secret | quote }}
key: {{ .key | quote }}
{{- end -}}

{{/* (FACTS): the contract's `required`: all of them, also those from other Secrets. */}}
{{- define "heimdall-pr.contractRequired" -}}
{{- $names := list -}}
{{- range .required -}}
{{- $names = append $names .key -}}
{{- end -}}
{{- join "," $names -}}
{{- end -}}

{{/* (FACTS): the contract's `lengths`. */}}
{{- define "heimdall-pr.contractLengths" -}}
{{- $pairs := list -}}
{{- range .required -}}
{{- $pairs = append $pairs (printf "%s=%v" .key .length) -}}
{{- end -}}
{{- join "," $pairs -}}
{{- end -}}

{{/* (FACTS): the contract's `sources`. */}}
{{- define "heimdall-pr.contractSources" -}}
{{- $pairs := list -}}
{{- range $name, $source := .sources -}}
{{- $pairs = append $pairs (printf "%s=%s/%s" $name $source.secret $source.key) -}}
{{- end -}}
{{- join "," $pairs -}}
{{- end -}}
