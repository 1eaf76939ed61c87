{{/* Which Secret and which key in it feed a variable, and what the contract says of it. */}}

{{/* (FACTS): sets unpassed: {named, others}, the keys that the Secret has and the pod does not get, as far as the chart can see it. Names
     of the application's settings, and near misses of its secrets, are shown; the others are counted, for a secret may have been
     written where a name should be. A live Secret may serve others, too: there nothing is counted. */}}
{{- define "heimdall-pr.unpassed" -}}
{{- $_ := include "heimdall-pr.facts.policy" . -}}
{{- $given := dict -}}
{{- if eq .approach "existing" -}}
{{- $given = (include "secrets-contract.v1.liveJson" (list . .secret) | fromJson).data | default dict -}}
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
