{{/* The live existing Secret, if a cluster is at hand and the Secret need not come with this release. */}}

{{- define "secrets-contract.v1.check.existing" -}}
{{- $name := .block.existingSecret -}}
{{- if not $name -}}
{{- else if not (include "secrets-contract.v1.isName" $name) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  "%s.existingSecret is not a valid Secret name (%s)." .valuesPath (include "secrets-contract.v1.text.name" .))) -}}
{{- else -}}
{{- $state := include "secrets-contract.v1.existing" . -}}
{{- if eq $state "absent" -}}
{{- include "secrets-contract.v1.refuse" (list $ (include "secrets-contract.v1.text.absent" .)) -}}
{{- else if eq $state "bad" -}}
{{- include "secrets-contract.v1.refuse" (list $ (include "secrets-contract.v1.text.incomplete" .)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* {facts, key, value}: what is wrong with the base64 of a live key that the application takes, or nothing. */}}
{{- define "secrets-contract.v1.bad.live" -}}
{{- $text := b64dec .value -}}
{{- if trim $text -}}
{{- include "secrets-contract.v1.bad.text" (dict "facts" .facts "key" .key "value" $text) -}}
{{- else -}}
is missing or empty
{{- end -}}
{{- end -}}
