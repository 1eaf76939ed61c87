{{/* The contract: a ConfigMap that says to heimdall-pr which keys must be there, and what each is (docs/contract.md). */}}

{{/* (FACTS): its version. What version 1, which has at least one required key, can say is said in version 1, which more tools read.
     `contract: v1` in SPEC asks for it, if the tool knows the keys by name. */}}
{{- define "secrets-contract.v1.version" -}}
{{- $plain := not (or .spec.oneOf .spec.together .spec.equal (empty .declared)) -}}
{{- range $name, $key := .spec.keys -}}
{{- $length := include "secrets-contract.v1.length" ($key | default dict) | fromJson -}}
{{- $more := omit ($key | default dict) "length" "optional" "expected" "word" "variable" -}}
{{- $plain = and $plain (empty $more) (empty (omit $length "recommended")) (regexMatch `\A[A-Za-z_][A-Za-z0-9_]*\z` $name) -}}
{{- end -}}
{{- .spec.contract | default (ternary "v1" "v2" $plain) -}}
{{- end -}}

{{/* (FACTS): the ConfigMaps: one, and in version 2 one more for each other Secret that a key comes from. */}}
{{- define "secrets-contract.v1.contract" -}}
{{- $facts := . -}}
{{- $verified := eq (include "secrets-contract.v1.verified" .) "true" -}}
{{- $version := include "secrets-contract.v1.version" . -}}
{{- $name := printf "%s-secrets-contract" .fullname -}}
{{- /* If all keys are from other Secrets, nothing is left to say of this one. */}}
{{- $own := include "secrets-contract.v1.ownKeys" . | fromJsonArray }}
{{- if or $own (eq $version "v1") }}
{{- include "secrets-contract.v1.configMap" (list . $name $version) }}
  approach: {{ .approach | quote }}
  ignored: {{ .ignored | quote }}
  secret: {{ .secret | quote }}
  {{- if eq $version "v1" }}
  required: {{ include "secrets-contract.v1.contractRequired" . | quote }}
  optional: {{ join "," .optional | quote }}
  lengths: {{ include "secrets-contract.v1.contractLengths" . | quote }}
  sources: {{ include "secrets-contract.v1.contractSources" . | quote }}
  {{- else }}
  application: {{ .spec.application | quote }}
  {{- include "secrets-contract.v1.terms" (list . $own) | trim | nindent 2 }}
  {{- end }}
  {{- /* What else remembers a value: another one in the Secret does not change it there. */}}
  fixed: {{ join "," .spec.fixed | quote }}
  files: {{ ternary (join "\n" .block.secretsFiles) "" (eq .approach "files") | quote }}
  policy: {{ include "secrets-contract.v1.digest" . | quote }}
  verified: {{ $verified | quote }}
  {{- /* What "verified" means: older charts looked at the keys alone. Formats are not looked at here. */}}
  judged: {{ and $verified (eq $version "v1") | quote }}
  valuesPath: {{ .valuesPath | quote }}
{{- end }}
{{- if eq $version "v2" }}
{{- range without .secretNames .secret }}
{{- include "secrets-contract.v1.otherContract" (list $facts .) }}
{{- end }}
{{- end }}
{{- end -}}

{{/* (list FACTS NAME VERSION): the beginning of a contract, up to its data. */}}
{{- define "secrets-contract.v1.configMap" -}}
{{- $facts := first . -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ index . 1 }}
  namespace: {{ $facts.namespace | quote }}
  labels:
    {{- range $facts.spec.contractLabels | default (list "secrets-contract.heimdall-pr/version") }}
    {{ . }}: {{ last $ }}
    {{- end }}
    {{- include "secrets-contract.v1.labels" (list $facts "contract") | trim | nindent 4 }}
data:
{{- end -}}

{{/* (list FACTS SECRET): the contract for another Secret, with the names that the keys have there. */}}
{{- define "secrets-contract.v1.otherContract" -}}
{{- $facts := first . -}}
{{- $secret := last . -}}
{{- $keys := list -}}
{{- range $name, $source := $facts.sources -}}
{{- if eq $source.secret $secret -}}{{- $keys = append $keys (dict "name" $name "key" $source.key) -}}{{- end -}}
{{- end -}}
{{- $name := include "secrets-contract.v1.label" (list (printf "%s-%s-contract" $facts.fullname $secret) 253) }}
---
{{ include "secrets-contract.v1.configMap" (list $facts $name "v2") }}
  secret: {{ $secret | quote }}
  application: {{ $facts.spec.application | quote }}
  {{- include "secrets-contract.v1.terms" (list $facts $keys) | trim | nindent 2 }}
  policy: {{ include "secrets-contract.v1.digest" $facts | quote }}
{{- end -}}

{{/* (FACTS): the contract's `required`: all of them, also those from other Secrets. */}}
{{- define "secrets-contract.v1.contractRequired" -}}
{{- join "," .declared -}}
{{- end -}}

{{/* (FACTS): the contract's recommended `lengths`. */}}
{{- define "secrets-contract.v1.contractLengths" -}}
{{- $pairs := list -}}
{{- range .required -}}
{{- if .length -}}{{- $pairs = append $pairs (printf "%s=%v" .key .length) -}}{{- end -}}
{{- end -}}
{{- join "," $pairs -}}
{{- end -}}

{{/* (FACTS): the contract's `sources`. */}}
{{- define "secrets-contract.v1.contractSources" -}}
{{- $pairs := list -}}
{{- range $name, $source := .sources -}}
{{- $pairs = append $pairs (printf "%s=%s/%s" $name $source.secret $source.key) -}}
{{- end -}}
{{- join "," $pairs -}}
{{- end -}}
