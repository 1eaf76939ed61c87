{{/* What NOTES say of the volume. */}}

{{/* (FACTS): what stays of a database that is no longer in the release, and what is not as the values say. */}}
{{- define "heimdall-pr.notes.volume" -}}
{{- $_ := include "heimdall-pr.facts.living" . -}}
{{- $persistence := .root.Values.postgresql.persistence -}}
{{- $namespace := .root.Release.Namespace -}}
{{- if not (and .embedded .living) -}}
{{- with .made.claim }}
The volume {{ . }} stays, with the data of the database that this revision removes.
{{- end -}}
{{- end -}}
{{- if and .embedded .living $persistence.enabled (not $persistence.existingClaim) -}}
{{- $has := dig "metadata" "annotations" dict .made.template | default dict -}}
{{- $wanted := $persistence.annotations | default dict -}}
{{- if ne (toJson $has) (toJson $wanted) }}
The claim template of {{ $.living.metadata.name }} keeps its annotations, which Kubernetes never changes. To give those of
{{ $.prefix }}postgresql.persistence.annotations to the claim that is there:
{{ range $name, $value := $wanted }}
  kubectl annotate pvc {{ $.made.claim }} --namespace {{ $namespace }} --overwrite {{ $name }}={{ $value }}
{{- end }}
{{- end -}}
{{- end -}}
{{- if and .embedded .root.Values.postgresql.trustName }}
Whether the release has a database under another name was not checked: {{ .prefix }}postgresql.trustName is true.
{{- end -}}
{{- end -}}
