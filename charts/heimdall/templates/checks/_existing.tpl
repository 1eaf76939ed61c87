{{/* The live existing Secret, if a cluster is at hand and the Secret need not come with this release. */}}

{{/* (list FACTS NAME): unchecked, absent, or there. Nothing is asked of a cluster that need not be asked; the ServiceAccount, which
     every namespace has, distinguishes a cluster without the Secret from no cluster at all. The gate looks by itself, later. */}}
{{- define "heimdall-pr.live" -}}
{{- $facts := first . -}}
{{- $namespace := $facts.root.Release.Namespace -}}
{{- $_ := include "heimdall-pr.produced" $facts -}}
{{- if or (not $facts.root.Values.heimdall.verifyExisting) $facts.gated (has (last .) $facts.produced) -}}
unchecked
{{- else if include "heimdall-pr.liveSecret" (list $facts.root (last .)) -}}
there
{{- else -}}
{{- ternary "unchecked" "absent" (empty (lookup "v1" "ServiceAccount" $namespace "default")) -}}
{{- end -}}
{{- end -}}

{{/* (list ROOT SECRET KEY): the key's base64 in the live Secret, or nothing. Never rendered, only compared. */}}
{{- define "heimdall-pr.liveValue" -}}
{{- with include "heimdall-pr.liveSecret" (list (first .) (index . 1)) -}}
{{- get ((fromJson .).data | default dict) (last $) -}}
{{- end -}}
{{- end -}}

{{/* (FACTS): unchecked, absent, complete, or the keys that are missing, comma-separated: an empty one counts as missing. */}}
{{- define "heimdall-pr.existing" -}}
{{- $secret := .root.Values.heimdall.existingSecret -}}
{{- $state := "unchecked" -}}
{{- if $secret -}}
{{- $state = include "heimdall-pr.live" (list . $secret) -}}
{{- end -}}
{{- if eq $state "there" -}}
{{- $missing := list -}}
{{- range .expected -}}
{{- if not (include "heimdall-pr.liveValue" (list $.root $secret .key) | b64dec | trim) -}}
{{- $missing = append $missing .key -}}
{{- end -}}
{{- end -}}
{{- $state = join "," $missing | default "complete" -}}
{{- end -}}
{{- $state -}}
{{- end -}}

{{/* (FACTS): "true" if the live existing Secret was seen complete, and every other Secret that a key comes from was seen. */}}
{{- define "heimdall-pr.verified" -}}
{{- $verified := eq (include "heimdall-pr.existing" .) "complete" -}}
{{- range .sources -}}
{{- $verified = and $verified (eq (include "heimdall-pr.live" (list $ .secret)) "there") -}}
{{- end -}}
{{- $verified -}}
{{- end -}}

{{- define "heimdall-pr.check.existing" -}}
{{- $name := .root.Values.heimdall.existingSecret -}}
{{- if not $name -}}
{{- else if not (include "heimdall-pr.isName" $name) -}}
{{- include "heimdall-pr.refuse" (list $ (printf
  "%s.existingSecret is not a valid Secret name (%s)." .valuesPath (include "heimdall-pr.text.name" .))) -}}
{{- else -}}
{{- $state := include "heimdall-pr.existing" . -}}
{{- if eq $state "absent" -}}
{{- include "heimdall-pr.refuse" (list $ (include "heimdall-pr.text.absent" .)) -}}
{{- else if not (has $state (list "unchecked" "complete")) -}}
{{- include "heimdall-pr.refuse" (list $ (include "heimdall-pr.text.incomplete" (list . (splitList "," $state)))) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (FACTS) */}}
{{- define "heimdall-pr.text.absent" }}
{{- $keys := list -}}
{{- range .expected -}}{{- $keys = append $keys .key -}}{{- end }}
The Secret {{ .secret }} ({{ .valuesPath }}.existingSecret) is not in the namespace {{ .root.Release.Namespace }}.
  It needs the keys {{ join ", " $keys }}. Let your secret manager create it, or:
    kubectl create secret generic {{ .secret }} --namespace {{ .root.Release.Namespace }}
    {{- range .expected }} \
      --from-literal={{ .key }}="{{ .word }}"
    {{- end }}
  If it is created a little later, wait for it: --set {{ .prefix }}gate.enabled=true
  If a parent chart creates it: --set {{ .valuesPath }}.verifyExisting=false
{{ end -}}

{{/* (list FACTS MISSING) */}}
{{- define "heimdall-pr.text.incomplete" }}
{{- $missing := last . }}
{{- $pairs := list -}}
{{- with first . }}
The Secret {{ .secret }} ({{ .valuesPath }}.existingSecret) in the namespace {{ .root.Release.Namespace }} is not complete.
{{- range .expected }}
{{- if has .key $missing }}
{{- $pairs = append $pairs (printf `\"%s\":\"%s\"` .key .word) }}
  {{ .key }} is missing or empty: {{ .expected }}
{{- end }}
{{- end }}
  Add what is missing where your secret manager takes it from, or, if you made the Secret by hand:
    kubectl patch secret {{ .secret }} --namespace {{ .root.Release.Namespace }} --patch "{\"stringData\":{ {{- join "," $pairs -}} }}"
{{- end }}
{{ end -}}
