{{/* Helm would overwrite a Secret of this name that is not this release's, and delete it with the release; and it would delete
     the one that is this release's as soon as the release no longer renders it. */}}
{{- define "heimdall-pr.check.ownership" -}}
{{- $found := list -}}
{{- $own := include "heimdall-pr.ownSecret" . -}}
{{- if eq $own (include "heimdall-pr.secretName" .) -}}
{{- with include "heimdall-pr.owner" . -}}
{{- $facts := dict "name" $own "namespace" $.Release.Namespace "path" (include "heimdall-pr.valuesPath" $) -}}
{{- if and $.Values.heimdall.existingSecret (eq . "release") -}}
{{- $found = append $found (include "heimdall-pr.text.own" $facts | trim) -}}
{{- else if and (not $.Values.heimdall.existingSecret) (eq . "other") -}}
{{- $found = append $found (include "heimdall-pr.text.foreign" $facts | trim) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{/* Whose the live Secret of our name is: other; release (Helm deletes it once it is no longer rendered); kept (Helm's policy
     spares it); or nothing, where there is none or no cluster. */}}
{{- define "heimdall-pr.owner" -}}
{{- with lookup "v1" "Secret" .Release.Namespace (include "heimdall-pr.ownSecret" .) -}}
{{- $notes := .metadata.annotations | default dict -}}
{{- $name := get $notes "meta.helm.sh/release-name" -}}
{{- $namespace := get $notes "meta.helm.sh/release-namespace" -}}
{{- if or (ne $name $.Release.Name) (ne $namespace $.Release.Namespace) -}}other
{{- else -}}{{ ternary "kept" "release" (eq (get $notes "helm.sh/resource-policy") "keep") }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "heimdall-pr.text.own" }}
{{ .path }}.existingSecret names {{ .name }}, which this release has made itself: Helm would delete it now.
  Keep it first: kubectl annotate secret {{ .name }} --namespace {{ .namespace }} helm.sh/resource-policy=keep
{{ end -}}

{{- define "heimdall-pr.text.foreign" }}
The Secret {{ .name }} is in the namespace {{ .namespace }} already and is not this release's: Helm would overwrite it now, and
delete it with the release.
  To use it as it is: --set {{ .path }}.existingSecret={{ .name }}
  To leave it alone: another name for this release's objects, by fullnameOverride
{{ end -}}
