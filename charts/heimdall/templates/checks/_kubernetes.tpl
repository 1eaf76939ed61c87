{{/* What is switched on is something that this Kubernetes knows. */}}

{{- define "heimdall-pr.check.kubernetes" -}}
{{- $found := list -}}
{{- $version := .Capabilities.KubeVersion.Version -}}
{{- $needs := dict
  "podDisruptionBudget.enabled" (list .Values.podDisruptionBudget.enabled "1.21")
  "postgresql.persistence.whenDeleted: Delete" (list (and (include "heimdall-pr.embedded" .) (eq .Values.postgresql.persistence.whenDeleted "Delete")) "1.27")
  "policy.enabled" (list .Values.policy.enabled "1.30") -}}
{{- range $path, $need := $needs -}}
{{- /* Without a cluster a Helm that was built by `go install` says v1.20.0, which says nothing. */ -}}
{{- if and (first $need) (ne $version "v1.20.0") (semverCompare (printf "<%s.0-0" (last $need)) $version) -}}
{{- $found = append $found (printf "%s%s needs Kubernetes %s or later, and this is %s: leave it out." (include "heimdall-pr.prefix" $) $path (last $need) $version) -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}
