{{/* What Heimdall's keys are. */}}

{{/* (FACTS): sets policy, the rules' data; not again if that was done before. */}}
{{- define "heimdall-pr.facts.policy" -}}
{{- if not (hasKey . "policy") -}}
{{- $_ := set . "policy" (include "heimdall-pr.policy" . | fromJson) -}}
{{- end -}}
{{- end -}}
