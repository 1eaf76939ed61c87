{{/* What of the secrets is rendered. */}}

{{/* (list ROOT FACTS): sets data and waits. Each inline value is base64; what only the post-renderer can fill is not, so that no API
     server takes it. Values that are not strings are refused; this only keeps an error from printing them. */}}
{{- define "secrets-contract.v1.facts.data" -}}
{{- $facts := last . -}}
{{- if not (or $facts.block.existingSecret $facts.block.secrets $facts.block.secretsFiles $facts.expected $facts.spec.oneOf) -}}
{{- /* Nothing is set, and nothing must be: there may be such a Secret, and none is made. */ -}}
{{- $_ := set $facts "approach" "existing" -}}
{{- end -}}
{{- $data := dict -}}
{{- $waits := false -}}
{{- if eq $facts.approach "files" -}}
{{- /* Also without a required key: an optional one or one of a group may be in a file. */ -}}
{{- $waits = not (and (empty $facts.expected) (empty $facts.block.secretsFiles)) -}}
{{- $keys := list -}}
{{- range $facts.expected -}}{{- $keys = append $keys .key -}}{{- end -}}
{{- range $keys | default (first $facts.known | list) -}}
{{- $_ := set $data . "<install with --post-renderer heimdall-pr>" -}}
{{- end -}}
{{- else if and (eq $facts.approach "inline") (kindIs "map" $facts.block.secrets) -}}
{{- range $key, $value := $facts.block.secrets -}}
{{- if kindIs "string" $value -}}
{{- $variable := include "secrets-contract.v1.fromEnvironment" $value -}}
{{- $waits = or $waits (ne $variable "") -}}
{{- $_ := set $data $key ($variable | default (b64enc $value)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $_ := set $facts "data" $data -}}
{{- $_ := set $facts "waits" $waits -}}
{{- end -}}

{{/* The value itself if it is exactly ${NAME}, else nothing. */}}
{{- define "secrets-contract.v1.fromEnvironment" -}}
{{- if regexMatch `\A\$\{[A-Za-z_][A-Za-z0-9_]*\}\z` . -}}{{- . -}}{{- end -}}
{{- end -}}
