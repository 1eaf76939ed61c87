{{/* What is said of the volume, each with the commands. */}}

{{/* {facts, name, made} */}}
{{- define "heimdall-pr.text.deletes" }}
{{- $place := printf "%spostgresql.persistence.whenDeleted" .facts.prefix }}
This upgrade would delete the volume {{ .made.claim }} with the database in it: the StatefulSet {{ .name }} in the namespace
{{ .facts.root.Release.Namespace }} is no longer in the release, and has {{ $place }}: Delete.
  Dump the data first:
{{ include "heimdall-pr.text.dump" (list .facts .name .made.username .made.database) }}
  Then two upgrades: the one before, with --set {{ $place }}=Retain; and then this one.
{{ end -}}

{{/* {facts, name, made} */}}
{{- define "heimdall-pr.text.renamed" }}
{{- $namespace := .facts.root.Release.Namespace }}
The release has a database already, the StatefulSet {{ .name }} with the volume {{ .made.claim }} in the namespace {{ $namespace }}.
Under the new name, {{ include "heimdall-pr.postgresql" .facts.root }}, Heimdall would start with an empty one.
  To keep the name: leave {{ .facts.prefix }}fullnameOverride and {{ .facts.prefix }}nameOverride as they were, or add to the command:
    --set {{ .facts.prefix }}fullnameOverride={{ trimSuffix "-postgresql" .name }}
  To keep the data under the new name: stop the server, so that two never write to one volume, and then name the volume:
    kubectl scale statefulset/{{ .name }} --namespace {{ $namespace }} --replicas 0
    --set {{ .facts.prefix }}postgresql.persistence.existingClaim={{ .made.claim }}
  To start with an empty database, in this one upgrade: --set {{ .facts.prefix }}postgresql.trustName=true
{{ end -}}

{{/* {facts, claim} */}}
{{- define "heimdall-pr.text.otherVolume" }}
The volume {{ .claim }} in the namespace {{ .facts.root.Release.Namespace }} has a database of an earlier release of this name.
This one would be called {{ include "heimdall-pr.postgresql" .facts.root }}, and start with an empty one.
  To use it: the names as they were, or add to the command:
    --set {{ .facts.prefix }}fullnameOverride={{ trimPrefix "data-" .claim | trimSuffix "-postgresql-0" }}
  To start with an empty database, in this one install: --set {{ .facts.prefix }}postgresql.trustName=true
{{ end -}}

{{/* {facts, name, made, value, was} */}}
{{- define "heimdall-pr.text.claim" }}
{{- $namespace := .facts.root.Release.Namespace }}
{{- $size := .facts.root.Values.postgresql.persistence.size }}
{{ .value }} changed, and Kubernetes never changes it: the StatefulSet {{ .name }} in the namespace {{ $namespace }} {{ .was }}.
  To keep the volume: write what it was.
{{- if hasSuffix ".size" .value }}
  To resize it: the volume first; then let this upgrade make the StatefulSet again, while its pod and the data stay:
    kubectl patch pvc {{ .made.claim }} --namespace {{ $namespace }} --patch '{"spec":{"resources":{"requests":{"storage":"{{ $size }}"}}}}'
    kubectl delete statefulset {{ .name }} --namespace {{ $namespace }} --cascade=orphan
{{- else if .made.claim }}
  To move to another volume: dump the data, install a release of another name, restore them there.
{{ include "heimdall-pr.text.dump" (list .facts .name .made.username .made.database) }}
{{- end }}
{{ end -}}
