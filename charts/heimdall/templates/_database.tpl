{{/* Which database it is. */}}

{{/* "true" if the chart installs it. `auto`, or no value: unless externalDatabase.host names one. */}}
{{- define "heimdall-pr.embedded" -}}
{{- $enabled := .Values.postgresql.enabled -}}
{{- if kindIs "bool" $enabled -}}
{{- if $enabled -}}true{{- end -}}
{{- else if not .Values.externalDatabase.host -}}true
{{- end -}}
{{- end -}}

{{- define "heimdall-pr.postgresql" -}}
{{- printf "%s-postgresql" (include "heimdall-pr.fullname" .) -}}
{{- end -}}

{{/* The claim of the embedded database. */}}
{{- define "heimdall-pr.claim" -}}
{{- .Values.postgresql.persistence.existingClaim | default (printf "data-%s-0" (include "heimdall-pr.postgresql" .)) -}}
{{- end -}}

{{- define "heimdall-pr.databaseHost" -}}
{{- ternary (include "heimdall-pr.postgresql" .) .Values.externalDatabase.host (eq (include "heimdall-pr.embedded" .) "true") -}}
{{- end -}}

{{- define "heimdall-pr.databasePort" -}}
{{- ternary 5432 .Values.externalDatabase.port (eq (include "heimdall-pr.embedded" .) "true") -}}
{{- end -}}

{{/* The application's settings for it. */}}
{{- define "heimdall-pr.databaseSettings" -}}
DATABASE_HOST: {{ include "heimdall-pr.databaseHost" . | toJson }}
DATABASE_PORT: {{ include "heimdall-pr.databasePort" . }}
{{- if include "heimdall-pr.embedded" . }}
DATABASE_NAME: {{ .Values.postgresql.database | toJson }}
DATABASE_USERNAME: {{ .Values.postgresql.username | toJson }}
DATABASE_SSL: false
{{- else }}
DATABASE_NAME: {{ .Values.externalDatabase.name | toJson }}
DATABASE_USERNAME: {{ .Values.externalDatabase.username | toJson }}
DATABASE_SSL: {{ .Values.externalDatabase.tls.enabled }}
{{- if .Values.externalDatabase.tls.enabled }}
DATABASE_SSL_INSECURE: {{ .Values.externalDatabase.tls.insecure }}
{{- end }}
{{- end }}
{{- end -}}
