{{/* The names of the objects, and the path of the user's values. */}}

{{/* (FACTS): sets prefix, valuesPath, fullname. */}}
{{- define "heimdall-pr.facts.names" -}}
{{- $prefix := include "secrets-contract.v1.prefix" .root -}}
{{- $_ := set . "prefix" $prefix -}}
{{- $_ := set . "valuesPath" (printf "%sheimdall" $prefix) -}}
{{- $_ := set . "fullname" (include "heimdall-pr.fullname" .root) -}}
{{- end -}}

{{- define "heimdall-pr.name" -}}
{{- $name := include "secrets-contract.v1.subchart" . | default .Chart.Name -}}
{{- include "secrets-contract.v1.label" (list (.Values.nameOverride | default $name) 63) -}}
{{- end -}}

{{/* A subchart's name always contains its alias: release `ab` with the aliases `a` and `b` must not give one name twice.
     41: `<fullname>-postgresql-<10>` is a label (63) on a StatefulSet's pods. */}}
{{- define "heimdall-pr.fullname" -}}
{{- $name := include "heimdall-pr.name" . -}}
{{- $full := printf "%s-%s" .Release.Name $name -}}
{{- if and (contains $name .Release.Name) (not (include "secrets-contract.v1.subchart" .)) -}}
{{- $full = .Release.Name -}}
{{- end -}}
{{- include "secrets-contract.v1.label" (list (.Values.fullnameOverride | default $full) 41) -}}
{{- end -}}

{{- define "heimdall-pr.serviceAccountName" -}}
{{- $default := ternary (include "heimdall-pr.fullname" .) "default" .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default $default -}}
{{- end -}}
