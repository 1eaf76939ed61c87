{{/* The policy needs a Kubernetes that knows its kind. */}}

{{- define "heimdall-pr.check.policy" -}}
{{- $found := list -}}
{{- $version := .Capabilities.KubeVersion.Version -}}
{{- /* Without a cluster a Helm that was built by `go install` says v1.20.0, which says nothing. */ -}}
{{- if and .Values.policy.enabled (semverCompare "<1.30.0-0" $version) (ne $version "v1.20.0") -}}
{{- $found = append $found (printf "%spolicy.enabled is true, and this is Kubernetes %s: a ValidatingAdmissionPolicy needs 1.30 or later. Leave it out." (include "heimdall-pr.prefix" .) $version) -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}
