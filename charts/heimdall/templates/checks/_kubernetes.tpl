{{/* What is enabled is something that this Kubernetes knows. */}}

{{- define "heimdall-pr.check.kubernetes" -}}
{{- $version := .root.Capabilities.KubeVersion.Version -}}
{{- $needs := dict -}}
{{- with .root.Values -}}
{{- $deletes := and $.embedded (eq .postgresql.persistence.whenDeleted "Delete") -}}
{{- $needs = dict
  "podDisruptionBudget.enabled" (list .podDisruptionBudget.enabled "1.21")
  "postgresql.persistence.whenDeleted: Delete" (list $deletes "1.27")
  "policy.enabled" (list .policy.enabled "1.30") -}}
{{- end -}}
{{- range $path, $need := $needs -}}
{{- /* Without a cluster a Helm that was built by `go install` says v1.20.0, which says nothing. */ -}}
{{- if and (first $need) (ne $version "v1.20.0") (semverCompare (printf "<%s.0-0" (last $need)) $version) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  "%s%s needs Kubernetes %s or later, and this is %s: leave it out." $.prefix $path (last $need) $version)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
