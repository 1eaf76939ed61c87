{{/* Which database it is. */}}

{{/* "true" if the chart installs it. `auto`, or no value: unless externalDatabase.host names one. */}}
{{- define "heimdall-pr.embedded" -}}
{{- $enabled := .Values.postgresql.enabled -}}
{{- if kindIs "bool" $enabled -}}
{{- if $enabled -}}true{{- end -}}
{{- else if not (or .Values.externalDatabase.host (contains "DATABASE_HOST" (include "heimdall-pr.databaseFrom" .))) -}}true
{{- end -}}
{{- end -}}

{{/* (ROOT): the settings of an external database that come from a Secret, as operators and cloud databases write them there: those that
     heimdall.keys or the inline secrets have, comma-separated. Another existing Secret may serve others: of it, they are to be named. */}}
{{- define "heimdall-pr.databaseFrom" -}}
{{- $found := list -}}
{{- with .Values.heimdall -}}
{{- $inline := ternary .secrets dict (and (kindIs "map" .secrets) (not .existingSecret)) -}}
{{- range $name := list "DATABASE_HOST" "DATABASE_NAME" "DATABASE_PORT" "DATABASE_USERNAME" -}}
{{- if or (get ($.Values.heimdall.keys | default dict) $name | kindIs "map") (hasKey $inline $name) -}}
{{- $found = append $found $name -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- join "," $found -}}
{{- end -}}

{{- define "heimdall-pr.postgresql" -}}
{{- printf "%s-postgresql" (include "heimdall-pr.fullname" .) -}}
{{- end -}}

{{/* The claim of the embedded database. */}}
{{- define "heimdall-pr.claim" -}}
{{- .Values.postgresql.persistence.existingClaim | default (printf "data-%s-0" (include "heimdall-pr.postgresql" .)) -}}
{{- end -}}

{{/* (FACTS): the claim templates of the StatefulSet. Kubernetes never changes them: one that is there keeps its own. */}}
{{- define "heimdall-pr.claimTemplates" -}}
{{- if .living.spec -}}
{{- range .living.spec.volumeClaimTemplates }}
- {{ omit . "status" | toYaml | nindent 2 | trim }}
{{- end -}}
{{- else -}}
{{- with .root.Values.postgresql.persistence -}}
- apiVersion: v1
  kind: PersistentVolumeClaim
  metadata:
    name: data
    {{- with .annotations }}
    annotations:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    labels:
      {{- include "heimdall-pr.selectorLabels" (list $.root "database") | nindent 6 }}
  spec:
    accessModes:
      {{- toYaml .accessModes | nindent 6 }}
    {{- with .storageClass }}
    storageClassName: {{ . | quote }}
    {{- end }}
    resources:
      requests:
        storage: {{ .size }}
{{- end -}}
{{- end -}}
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
