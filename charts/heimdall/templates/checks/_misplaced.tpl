{{/* Values at the wrong place, and where they belong. The schema lets them through, so that their message is read. */}}

{{- define "heimdall-pr.check.misplaced" -}}
{{- $places := dict
  "existingSecret" "heimdall.existingSecret" "secrets" "heimdall.secrets" "secretsFiles" "heimdall.secretsFiles" -}}
{{- range .required -}}
{{- $_ := set $places (printf "heimdall.%s" .key) (printf "heimdall.secrets.%s" .key) -}}
{{- end -}}
{{- range $place, $now := $places -}}
{{- if include "heimdall-pr.isSet" (list $.root.Values $place) -}}
{{- include "heimdall-pr.refuse" (list $ (printf
  "%s%s is at the wrong place. Write now: %s%s." $.prefix $place $.prefix $now)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list VALUES PATH): "true" if there is a value at that path, whatever it is. */}}
{{- define "heimdall-pr.isSet" -}}
{{- if include "heimdall-pr.at" . -}}true{{- end -}}
{{- end -}}
