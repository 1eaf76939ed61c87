{{/* What the chart asks of a cluster about Secrets, in one place. `lookup` needs the right to read: without it the render fails. */}}

{{/* (list ROOT SECRET): the live Secret as JSON, or nothing: there is none, no cluster is at hand, or heimdall.verifyExisting is
     false, which is for a user who may not read Secrets. No other template looks up a Secret. */}}
{{- define "heimdall-pr.liveSecret" -}}
{{- $root := first . -}}
{{- if $root.Values.heimdall.verifyExisting -}}
{{- with lookup "v1" "Secret" $root.Release.Namespace (last .) -}}{{- toJson . -}}{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list ROOT SECRET KEY): the key's base64 in the live Secret, or nothing. Never rendered, only compared. */}}
{{- define "heimdall-pr.liveValue" -}}
{{- with include "heimdall-pr.liveSecret" (list (first .) (index . 1)) -}}
{{- get ((fromJson .).data | default dict) (last $) -}}
{{- end -}}
{{- end -}}

{{/* (FACTS) sets before: the data of the contract that the revision before this one left, under the name that its database has; empty if
     there is none or no cluster. */}}
{{- define "heimdall-pr.facts.before" -}}
{{- $_ := include "heimdall-pr.facts.living" . -}}
{{- $name := dig "metadata" "name" "" .other | trimSuffix "-postgresql" | default .fullname -}}
{{- $found := lookup "v1" "ConfigMap" .root.Release.Namespace (printf "%s-secrets-contract" $name) | default dict -}}
{{- $_ := set . "before" ($found.data | default dict) -}}
{{- end -}}

{{/* (FACTS): "true" if the revision before this one rendered the Secret of our name: Helm deletes it once it is no longer rendered. */}}
{{- define "heimdall-pr.renderedBefore" -}}
{{- $_ := include "heimdall-pr.facts.before" . -}}
{{- if and (eq (get .before "secret") .ownSecret) (has (get .before "approach") (list "inline" "files")) -}}true{{- end -}}
{{- end -}}
