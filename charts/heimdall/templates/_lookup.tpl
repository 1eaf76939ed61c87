{{/* What the chart asks of a cluster about the release before this one. */}}

{{/* (FACTS) sets before: the data of the contract that the revision before this one left, under the name that its database has; empty if
     there is none or no cluster. */}}
{{- define "heimdall-pr.facts.before" -}}
{{- $_ := include "heimdall-pr.facts.living" . -}}
{{- $name := dig "metadata" "name" "" .other | trimSuffix "-postgresql" | default .fullname -}}
{{- $found := lookup "v1" "ConfigMap" .root.Release.Namespace (printf "%s-secrets-contract" $name) | default dict -}}
{{- $_ := set . "before" ($found.data | default dict) -}}
{{- end -}}

