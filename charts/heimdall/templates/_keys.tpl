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

{{/* (FACTS): the contract's `lengths`: a login's secret is as long as its provider made it. */}}
{{- define "heimdall-pr.contractLengths" -}}
{{- $pairs := list -}}
{{- range .required -}}
{{- if .length -}}{{- $pairs = append $pairs (printf "%s=%v" .key .length) -}}{{- end -}}
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

{{/* (FACTS): sets unpassed: {named, others}, the keys that the Secret has and the pod does not get, as far as the chart can see it. Names
     of the application's settings, and near misses of its secrets, are shown; the others are counted, for a secret may have been
     written where a name should be. A live Secret may serve others, too: there nothing is counted. */}}
{{- define "heimdall-pr.unpassed" -}}
{{- $_ := include "heimdall-pr.facts.policy" . -}}
{{- $given := dict -}}
{{- if eq .approach "existing" -}}
{{- $given = (include "heimdall-pr.liveJson" (list . .secret) | fromJson).data | default dict -}}
{{- else if and (eq .approach "inline") (kindIs "map" .root.Values.heimdall.secrets) -}}
{{- $given = .root.Values.heimdall.secrets -}}
{{- end -}}
{{- $named := list -}}
{{- $others := 0 -}}
{{- range $key, $_ := $given -}}
{{- if has $key $.known -}}
{{- else if or (has ($key | upper | replace "-" "_") $.policy.settings) (include "heimdall-pr.meant" (list $ $key)) -}}
{{- $named = append $named $key -}}
{{- else if eq $.approach "inline" -}}
{{- $others = add1 $others -}}
{{- end -}}
{{- end -}}
{{- $_ := set . "unpassed" (dict "named" $named "others" (int $others)) -}}
{{- end -}}
