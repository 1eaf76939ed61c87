{{/* Helm would overwrite a Secret of this name that is not this release's, and delete it with the release; and it would delete
     the one that is this release's as soon as the release no longer renders it. */}}
{{- define "heimdall-pr.check.ownership" -}}
{{- if eq .ownSecret .secret -}}
{{- with include "heimdall-pr.owner" . -}}
{{- if and $.root.Values.heimdall.existingSecret (eq . "unchecked") (include "heimdall-pr.renderedBefore" $) -}}
{{- include "heimdall-pr.refuse" (list $ (include "heimdall-pr.text.own.unchecked" $)) -}}
{{- else if and $.root.Values.heimdall.existingSecret (eq . "release") -}}
{{- include "heimdall-pr.refuse" (list $ (include "heimdall-pr.text.own" $)) -}}
{{- else if and (not $.root.Values.heimdall.existingSecret) (eq . "other") -}}
{{- include "heimdall-pr.refuse" (list $ (include "heimdall-pr.text.foreign" $)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (FACTS): whose the live Secret of our name is: other; release (Helm deletes it once it is no longer rendered); kept (Helm's
     policy keeps it); unchecked; or nothing if there is none or no cluster. */}}
{{- define "heimdall-pr.owner" -}}
{{- $release := .root.Release -}}
{{- if not .root.Values.heimdall.verifyExisting -}}unchecked{{- end -}}
{{- with include "heimdall-pr.liveSecret" (list .root .ownSecret) -}}
{{- $notes := (fromJson .).metadata.annotations | default dict -}}
{{- $name := get $notes "meta.helm.sh/release-name" -}}
{{- $namespace := get $notes "meta.helm.sh/release-namespace" -}}
{{- if or (ne $name $release.Name) (ne $namespace $release.Namespace) -}}other
{{- else -}}{{ ternary "kept" "release" (eq (get $notes "helm.sh/resource-policy") "keep") }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (FACTS) */}}
{{- define "heimdall-pr.text.own" }}
{{ .valuesPath }}.existingSecret names {{ .secret }}, which this release has made itself: Helm would delete it now.
  Keep it first: kubectl annotate secret {{ .secret }} --namespace {{ .root.Release.Namespace }} helm.sh/resource-policy=keep
{{ end -}}

{{/* (FACTS) */}}
{{- define "heimdall-pr.text.own.unchecked" }}
{{- $path := .valuesPath }}
{{ $path }}.existingSecret names {{ .secret }}, which this release has made itself: Helm deletes it now, unless the Secret has the
annotation that keeps it. With {{ $path }}.verifyExisting=false the chart does not look.
  Keep it first: kubectl annotate secret {{ .secret }} --namespace {{ .root.Release.Namespace }} helm.sh/resource-policy=keep
  Then let the chart look, in this one upgrade: --set {{ $path }}.verifyExisting=true
{{ end -}}

{{/* (FACTS) */}}
{{- define "heimdall-pr.text.foreign" }}
{{- $namespace := .root.Release.Namespace }}
The Secret {{ .secret }} is in the namespace {{ $namespace }} already and is not this release's: Helm would overwrite it now, and
delete it with the release.
  To use it as it is: --set {{ .valuesPath }}.existingSecret={{ .secret }}
  To leave it alone: another name for this release's objects, by fullnameOverride
{{ end -}}
