{{/* Values at the wrong place, and where they belong. The schema lets them through, so that their sentence is read. */}}
{{- define "heimdall-pr.misplaced" -}}
existingSecret: heimdall.existingSecret
secrets: heimdall.secrets
secretsFiles: heimdall.secretsFiles
{{- range tuple "JWT_SECRET" "API_KEY_SECRET" "DATABASE_PASSWORD" "ADMIN_PASSWORD" }}
heimdall.{{ . }}: heimdall.secrets.{{ . }}
{{- end }}
{{- end -}}

{{- define "heimdall-pr.check.misplaced" -}}
{{- $found := list -}}
{{- $prefix := include "heimdall-pr.prefix" . -}}
{{- range $place, $now := include "heimdall-pr.misplaced" . | fromYaml -}}
{{- if include "heimdall-pr.isSet" (list $.Values $place) -}}
{{- $found = append $found (printf "%s%s is at the wrong place. Write now: %s%s." $prefix $place $prefix $now) -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}
