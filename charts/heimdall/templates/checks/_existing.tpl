{{/* The live existing Secret, where a cluster is at hand and the Secret need not come with this release. */}}

{{/* (list ROOT NAME): unchecked, absent, or there. Nothing is asked of a cluster that need not be asked; the ServiceAccount,
     which every namespace has, tells a cluster without the Secret from no cluster at all. The gate looks by itself, later. */}}
{{- define "heimdall-pr.live" -}}
{{- $root := first . -}}
{{- if or (not $root.Values.heimdall.verifyExisting) (include "heimdall-pr.gated" $root) (has (last .) (include "heimdall-pr.produced" $root | fromJsonArray)) -}}
unchecked
{{- else if lookup "v1" "Secret" $root.Release.Namespace (last .) -}}
there
{{- else -}}
{{- ternary "unchecked" "absent" (empty (lookup "v1" "ServiceAccount" $root.Release.Namespace "default")) -}}
{{- end -}}
{{- end -}}

{{/* (list ROOT SECRET KEY): the key's base64 in the live Secret, or nothing. Never rendered, only compared. */}}
{{- define "heimdall-pr.liveValue" -}}
{{- with lookup "v1" "Secret" (first .).Release.Namespace (index . 1) -}}
{{- get (.data | default dict) (last $) -}}
{{- end -}}
{{- end -}}

{{/* unchecked, absent, complete, or the keys that are missing, comma-separated: an empty one is as good as none. */}}
{{- define "heimdall-pr.existing" -}}
{{- $secret := .Values.heimdall.existingSecret -}}
{{- $state := "unchecked" -}}
{{- if $secret -}}
{{- $state = include "heimdall-pr.live" (list . $secret) -}}
{{- end -}}
{{- if eq $state "there" -}}
{{- $missing := list -}}
{{- range include "heimdall-pr.expected" . | fromYamlArray -}}
{{- if not (include "heimdall-pr.liveValue" (list $ $secret .key) | b64dec | trim) -}}
{{- $missing = append $missing .key -}}
{{- end -}}
{{- end -}}
{{- $state = join "," $missing | default "complete" -}}
{{- end -}}
{{- $state -}}
{{- end -}}

{{/* "true" where the live existing Secret was seen complete, and every key that comes from elsewhere. */}}
{{- define "heimdall-pr.verified" -}}
{{- $verified := eq (include "heimdall-pr.existing" .) "complete" -}}
{{- range include "heimdall-pr.sources" . | fromJson -}}
{{- $verified = and $verified (eq (include "heimdall-pr.live" (list $ .secret)) "there") -}}
{{- end -}}
{{- $verified -}}
{{- end -}}

{{- define "heimdall-pr.check.existing" -}}
{{- $found := list -}}
{{- $name := .Values.heimdall.existingSecret -}}
{{- if $name -}}
{{- if not (include "heimdall-pr.isName" $name) -}}
{{- $found = append $found (printf "%s.existingSecret is no name of a Secret (%s)." (include "heimdall-pr.valuesPath" .) (include "heimdall-pr.text.name" .)) -}}
{{- else -}}
{{- $state := include "heimdall-pr.existing" . -}}
{{- $facts := dict "name" $name "namespace" .Release.Namespace "path" (include "heimdall-pr.valuesPath" .) "prefix" (include "heimdall-pr.prefix" .) "missing" (splitList "," $state) "expected" (include "heimdall-pr.expected" . | fromYamlArray) -}}
{{- if eq $state "absent" -}}
{{- $found = append $found (include "heimdall-pr.text.absent" $facts | trim) -}}
{{- else if not (has $state (list "unchecked" "complete")) -}}
{{- $found = append $found (include "heimdall-pr.text.incomplete" $facts | trim) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{- define "heimdall-pr.text.absent" }}
{{- $keys := list -}}
{{- range .expected -}}{{- $keys = append $keys .key -}}{{- end }}
The Secret {{ .name }} ({{ .path }}.existingSecret) is not in the namespace {{ .namespace }}.
  Expected are the keys {{ join ", " $keys }}. Let your secret manager make it, or:
    kubectl create secret generic {{ .name }} --namespace {{ .namespace }}
    {{- range .expected }} \
      --from-literal={{ .key }}="{{ .word }}"
    {{- end }}
  Where it comes a little later, wait for it: --set {{ .prefix }}gate.enabled=true
  Where a parent chart brings it: --set {{ .path }}.verifyExisting=false
{{ end -}}

{{- define "heimdall-pr.text.incomplete" }}
{{- $pairs := list -}}
{{- $missing := .missing }}
The Secret {{ .name }} ({{ .path }}.existingSecret) in the namespace {{ .namespace }} is not complete.
{{- range .expected }}
{{- if has .key $missing }}
{{- $pairs = append $pairs (printf `\"%s\":\"%s\"` .key .word) }}
  {{ .key }} is missing or empty: {{ .expected }}
{{- end }}
{{- end }}
  Add what is missing where your secret manager takes it from, or, where you made the Secret by hand:
    kubectl patch secret {{ .name }} --namespace {{ .namespace }} --patch "{\"stringData\":{ {{- join "," $pairs -}} }}"
{{ end -}}
