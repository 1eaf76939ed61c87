{{/* What a chart includes: its objects about secrets, and what its pods need. */}}

{{/* (FACTS): all objects: the contract, and, each only if it is needed, the Secret, the guard, the gate and the policy. Everything that
     is wrong makes the render fail, with FACTS.found, what the chart itself has found: a list of texts. */}}
{{- define "secrets-contract.v1.objects" -}}
{{- $_ := include "secrets-contract.v1.validate" . -}}
{{- include "secrets-contract.v1.fail" . -}}
{{- include "secrets-contract.v1.contract" . }}
{{- with include "secrets-contract.v1.secret" . }}
---
{{ . }}
{{- end }}
{{- with include "secrets-contract.v1.guard" . }}
---
{{ . }}
{{- end }}
{{- if .gated }}
---
{{ include "secrets-contract.v1.job" . }}
{{- end }}
{{- if eq (toString .options.policy.enabled) "true" }}
---
{{ include "secrets-contract.v1.policy" . }}
{{- end }}
{{- end -}}

{{/* (FACTS): the Secret, unless it is somebody else's. */}}
{{- define "secrets-contract.v1.secret" -}}
{{- if ne .approach "existing" -}}
apiVersion: v1
kind: Secret
metadata:
  name: {{ .ownSecret }}
  namespace: {{ .namespace | quote }}
  labels:
    {{- include "secrets-contract.v1.labels" (list . "contract") | trim | nindent 4 }}
type: Opaque
data:
  {{- range $key, $value := .data }}
  {{ ternary $key (quote $key) (regexMatch `\A[A-Z]+_[A-Z_]+\z` $key) }}: {{ $value | quote }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* (FACTS): the guard. No API server knows this kind: nothing is installed without the post-renderer, which removes it. */}}
{{- define "secrets-contract.v1.guard" -}}
{{- if or .demanded .waits -}}
apiVersion: heimdall-pr.mitre.org/v1
kind: NeedsPostRenderer
metadata:
  name: install-with---post-renderer-heimdall-pr
{{- end -}}
{{- end -}}

{{/* (list FACTS COMPONENT): the labels of an object: those of the component, else those of SPEC. */}}
{{- define "secrets-contract.v1.labels" -}}
{{- $spec := (first .).spec -}}
{{- $labels := get ($spec.componentLabels | default dict) (last .) | default $spec.labels -}}
{{- if kindIs "string" $labels -}}{{- trim $labels -}}
{{- else if $labels -}}
{{- range $name, $value := $labels }}
{{ $name }}: {{ toString $value | quote }}
{{- end -}}
{{- else -}}
app.kubernetes.io/instance: {{ (first .).release | quote }}
{{- end -}}
{{- end -}}

{{/* (FACTS): the variables of a container, as a list: a key's own name, or `variable` of SPEC; keys with neither are for files. The pod
     does not start without a required one, nor without what the values' `keys` names. */}}
{{- define "secrets-contract.v1.env" -}}
{{- $variables := list -}}
{{- range .known -}}
{{- $key := get $.spec.keys . | default dict -}}
{{- $variable := $key.variable | default (ternary . "" (regexMatch `\A[A-Za-z_][A-Za-z0-9_]*\z` .)) -}}
{{- if $variable -}}
{{- $reference := get $.from . -}}
{{- $reference = dict "name" $reference.secret "key" $reference.key -}}
{{- if and (has . $.optional) (not (hasKey $.sources .)) -}}{{- $_ := set $reference "optional" true -}}{{- end -}}
{{- $variables = append $variables (dict "name" $variable "valueFrom" (dict "secretKeyRef" $reference)) -}}
{{- end -}}
{{- end -}}
{{- toYaml $variables -}}
{{- end -}}

{{/* (list FACTS NAME): a volume with a file for each key, under the key's name in SPEC. */}}
{{- define "secrets-contract.v1.volume" -}}
{{- $facts := first . -}}
{{- $sources := list -}}
{{- range $facts.known -}}
{{- $from := get $facts.from . -}}
{{- $source := dict "name" $from.secret "items" (list (dict "key" $from.key "path" .)) -}}
{{- if and (has . $facts.optional) (not (hasKey $facts.sources .)) -}}{{- $_ := set $source "optional" true -}}{{- end -}}
{{- $sources = append $sources (dict "secret" $source) -}}
{{- end -}}
{{- dict "name" (last .) "projected" (dict "sources" $sources) | list | toYaml -}}
{{- end -}}

{{/* (list NAME PATH): where a container has them. */}}
{{- define "secrets-contract.v1.volumeMount" -}}
- name: {{ first . }}
  mountPath: {{ last . | quote }}
  readOnly: true
{{- end -}}

{{/* (FACTS): for an annotation of the pod, `checksum/secrets`: it restarts the pod when inline values change. heimdall-pr fills it in
     where it fills the Secret. */}}
{{- define "secrets-contract.v1.checksum" -}}
{{- if and (eq .approach "inline") (not .waits) -}}
{{- $lines := "" -}}
{{- $long := false -}}
{{- range $key, $value := .data -}}
{{- $lines = printf "%s%s=%s\n" $lines $key $value -}}
{{- $long = or $long (regexMatch `(?s)\A.{64,}\z` (b64dec $value)) -}}
{{- end -}}
{{- /* One digest over all values, and only if one is long: a digest of short ones alone could be guessed. */ -}}
{{- if $long -}}{{- sha256sum $lines -}}{{- end -}}
{{- end -}}
{{- end -}}
