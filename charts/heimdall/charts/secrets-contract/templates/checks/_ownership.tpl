{{/* Helm would overwrite a Secret of this name that is not this release's, and delete it with the release; and it would delete
     the one that is this release's as soon as the release no longer renders it. */}}
{{- define "secrets-contract.v1.check.ownership" -}}
{{- if eq .ownSecret .secret -}}
{{- with include "secrets-contract.v1.owner" . -}}
{{- if and $.block.existingSecret (eq . "unchecked") (include "secrets-contract.v1.renderedBefore" $) -}}
{{- include "secrets-contract.v1.refuse" (list $ (include "secrets-contract.v1.text.own.unchecked" $)) -}}
{{- else if and $.block.existingSecret (eq . "release") -}}
{{- include "secrets-contract.v1.refuse" (list $ (include "secrets-contract.v1.text.own" $)) -}}
{{- else if and (not $.block.existingSecret) (eq . "other") -}}
{{- include "secrets-contract.v1.refuse" (list $ (include "secrets-contract.v1.text.foreign" $)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* No further object can be the chart's own Secret. */}}
{{- define "secrets-contract.v1.check.produced" -}}
{{- if and (ne .approach "existing") (has .ownSecret .owned) -}}
{{- $objects := printf "%s%s" .prefix ((.spec.paths | default dict).objects | default "extraObjects") -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  "%s makes the Secret %s, which the chart makes itself: name it in %s.existingSecret instead." $objects .ownSecret .valuesPath)) -}}
{{- end -}}
{{- end -}}

{{/* (FACTS): whose the live Secret of our name is: other; release (Helm deletes it once it is no longer rendered); kept (Helm's
     policy keeps it); unchecked; or nothing if there is none or no cluster. */}}
{{- define "secrets-contract.v1.owner" -}}
{{- if not .verify -}}unchecked{{- end -}}
{{- with include "secrets-contract.v1.liveSecret" (list . .ownSecret) -}}
{{- $notes := (fromJson .).metadata.annotations | default dict -}}
{{- $name := get $notes "meta.helm.sh/release-name" -}}
{{- $namespace := get $notes "meta.helm.sh/release-namespace" -}}
{{- if or (ne $name $.release) (ne $namespace $.releaseNamespace) -}}other
{{- else -}}{{ ternary "kept" "release" (eq (get $notes "helm.sh/resource-policy") "keep") }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (FACTS) */}}
{{- define "secrets-contract.v1.text.own" }}
{{ .valuesPath }}.existingSecret names {{ .secret }}, which this release has made itself: Helm would delete it now.
  Keep it first: kubectl annotate secret {{ .secret }} --namespace {{ .namespace }} helm.sh/resource-policy=keep
{{ end -}}

{{/* (FACTS) */}}
{{- define "secrets-contract.v1.text.own.unchecked" }}
{{- $path := .valuesPath }}
{{ $path }}.existingSecret names {{ .secret }}, which this release has made itself: Helm deletes it now, unless the Secret has the
annotation that keeps it. With {{ $path }}.verifyExisting=false the chart does not look.
  Keep it first: kubectl annotate secret {{ .secret }} --namespace {{ .namespace }} helm.sh/resource-policy=keep
  Then let the chart look, in this one upgrade: --set {{ $path }}.verifyExisting=true
{{ end -}}

{{/* (FACTS) */}}
{{- define "secrets-contract.v1.text.foreign" }}
{{- $namespace := .namespace }}
The Secret {{ .secret }} is in the namespace {{ $namespace }} already and is not this release's: Helm would overwrite it now, and
delete it with the release.
  To use it as it is: --set {{ .valuesPath }}.existingSecret={{ .secret }}
  To leave it alone: another name for this release's objects, by fullnameOverride
{{ end -}}
