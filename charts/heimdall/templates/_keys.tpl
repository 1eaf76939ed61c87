{{/* Which Secret and which key in it feed a variable. */}}

{{/* What heimdall.keys says, as JSON: {VARIABLE: {secret, key}}. */}}
{{- define "heimdall-pr.sources" -}}
{{- $sources := dict -}}
{{- range $name, $from := .Values.heimdall.keys -}}
{{- if kindIs "map" $from -}}
{{- $secret := $from.secret | default $.Values.heimdall.existingSecret | default "" -}}
{{- $_ := set $sources $name (dict "secret" $secret "key" ($from.key | default $name)) -}}
{{- end -}}
{{- end -}}
{{- toJson $sources -}}
{{- end -}}

{{/* The required keys that are expected in the one Secret: those that come from nowhere else. */}}
{{- define "heimdall-pr.expected" -}}
{{- $sources := include "heimdall-pr.sources" . | fromJson -}}
{{- $expected := list -}}
{{- range include "heimdall-pr.required" . | fromYamlArray -}}
{{- if not (hasKey $sources .key) -}}
{{- $expected = append $expected . -}}
{{- end -}}
{{- end -}}
{{- toYaml $expected -}}
{{- end -}}

{{/* (list ROOT VARIABLE): {secret, key} as JSON. */}}
{{- define "heimdall-pr.source" -}}
{{- $sources := include "heimdall-pr.sources" (first .) | fromJson -}}
{{- $own := dict "secret" (include "heimdall-pr.secretName" (first .)) "key" (last .) -}}
{{- get $sources (last .) | default $own | toJson -}}
{{- end -}}

{{/* (list ROOT VARIABLE): the name and key of a secretKeyRef. */}}
{{- define "heimdall-pr.secretKeyRef" -}}
{{- $source := include "heimdall-pr.source" . | fromJson -}}
name: {{ $source.secret | quote }}
key: {{ $source.key | quote }}
{{- end -}}

{{/* The contract's `required`: all of them, also those from elsewhere. */}}
{{- define "heimdall-pr.contractRequired" -}}
{{- $names := list -}}
{{- range include "heimdall-pr.required" . | fromYamlArray -}}
{{- $names = append $names .key -}}
{{- end -}}
{{- join "," $names -}}
{{- end -}}

{{/* The contract's `lengths`. */}}
{{- define "heimdall-pr.contractLengths" -}}
{{- $pairs := list -}}
{{- range include "heimdall-pr.required" . | fromYamlArray -}}
{{- $pairs = append $pairs (printf "%s=%v" .key .length) -}}
{{- end -}}
{{- join "," $pairs -}}
{{- end -}}

{{/* The contract's `sources`. */}}
{{- define "heimdall-pr.contractSources" -}}
{{- $pairs := list -}}
{{- range $name, $from := include "heimdall-pr.sources" . | fromJson -}}
{{- $pairs = append $pairs (printf "%s=%s/%s" $name $from.secret $from.key) -}}
{{- end -}}
{{- join "," $pairs -}}
{{- end -}}

{{/* The names of all Secrets that the workload takes a key from, as a JSON list. */}}
{{- define "heimdall-pr.secretNames" -}}
{{- $names := list (include "heimdall-pr.secretName" .) -}}
{{- range include "heimdall-pr.sources" . | fromJson -}}
{{- $names = append $names .secret -}}
{{- end -}}
{{- uniq $names | toJson -}}
{{- end -}}
