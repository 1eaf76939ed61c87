{{/* The names of the objects, and the path of the user's values. */}}

{{/* (FACTS): sets prefix, valuesPath, fullname. */}}
{{- define "heimdall-pr.facts.names" -}}
{{- $prefix := include "heimdall-pr.prefix" .root -}}
{{- $_ := set . "prefix" $prefix -}}
{{- $_ := set . "valuesPath" (printf "%sheimdall" $prefix) -}}
{{- $_ := set . "fullname" (include "heimdall-pr.fullname" .root) -}}
{{- end -}}

{{/* The names (or aliases) of the subcharts from the root chart to this one, joined by dots. */}}
{{- define "heimdall-pr.subchart" -}}
{{- .Template.BasePath | trimSuffix "/templates" | splitList "/charts/" | rest | join "." -}}
{{- end -}}

{{/* What comes before the path of every value of this chart: nothing, or the alias and a dot. */}}
{{- define "heimdall-pr.prefix" -}}
{{- with include "heimdall-pr.subchart" . -}}{{- . -}}.{{- end -}}
{{- end -}}

{{/* (list TEXT MAX): TEXT as a DNS label of at most MAX characters. A text that had to be changed gets a digest of the whole,
     so that two texts never become one name. */}}
{{- define "heimdall-pr.label" -}}
{{- $text := first . -}}
{{- $label := regexReplaceAll "[^-a-z0-9]" (lower $text) "-" | trimAll "-" -}}
{{- if or (ne $label $text) (gt (len $label) (last .)) -}}
{{- $label = printf "%s-%s" ($label | trunc (int (sub (last .) 9)) | trimSuffix "-") (sha256sum $text | trunc 8) -}}
{{- end -}}
{{- $label -}}
{{- end -}}

{{- define "heimdall-pr.name" -}}
{{- $name := include "heimdall-pr.subchart" . | default .Chart.Name -}}
{{- include "heimdall-pr.label" (list (.Values.nameOverride | default $name) 63) -}}
{{- end -}}

{{/* A subchart's name always contains its alias: release `ab` with the aliases `a` and `b` must not give one name twice.
     41: `<fullname>-postgresql-<10>` is a label (63) on a StatefulSet's pods. */}}
{{- define "heimdall-pr.fullname" -}}
{{- $name := include "heimdall-pr.name" . -}}
{{- $full := printf "%s-%s" .Release.Name $name -}}
{{- if and (contains $name .Release.Name) (not (include "heimdall-pr.subchart" .)) -}}
{{- $full = .Release.Name -}}
{{- end -}}
{{- include "heimdall-pr.label" (list (.Values.fullnameOverride | default $full) 41) -}}
{{- end -}}

{{- define "heimdall-pr.serviceAccountName" -}}
{{- $default := ternary (include "heimdall-pr.fullname" .) "default" .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default $default -}}
{{- end -}}
