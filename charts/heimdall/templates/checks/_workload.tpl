{{/* The pod: one of it, and no secret in plaintext. */}}

{{- define "heimdall-pr.check.workload" -}}
{{- $prefix := .prefix -}}
{{- $values := .root.Values -}}
{{- if ne (toJson $values.replicaCount) "1" -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  (cat "%sreplicaCount must be 1: each process has a session secret of its own, so users would be logged out at random, and each"
    "start migrates the database.")
  $prefix)) -}}
{{- end -}}
{{- $images := dict
  "postgresql.image" (ternary $values.postgresql.image dict (or .embedded $values.waitForDatabase.enabled))
  "tests.image" (ternary $values.tests.image dict $values.tests.enabled) -}}
{{- range $path, $image := $images -}}
{{- if and $image (not $image.tag) (not $image.digest) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s%s has no tag and no digest." $prefix $path)) -}}
{{- end -}}
{{- end -}}
{{- $containers := list "heimdall" -}}
{{- if .authorities.extraCa.bundled -}}{{- $containers = append $containers "extra-ca" -}}{{- end -}}
{{- if $values.waitForDatabase.enabled -}}{{- $containers = append $containers "wait-for-database" -}}{{- end -}}
{{- range concat ($values.initContainers | default list) ($values.sidecars | default list) -}}
{{- if has .name $containers -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%ssidecars and initContainers: two containers are called %s." $prefix .name)) -}}
{{- end -}}
{{- $containers = append $containers .name -}}
{{- end -}}
{{- range $i, $variable := $values.extraEnv -}}
{{- with include "heimdall-pr.bad.variable" (list $ $variable) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%sextraEnv[%d]%s" $prefix $i .)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS VARIABLE): what is wrong with an entry of extraEnv, or nothing. */}}
{{- define "heimdall-pr.bad.variable" -}}
{{- $facts := first . -}}
{{- with last . -}}
{{- $made := include "heimdall-pr.madeOf" (list $facts .name) -}}
{{- if has .name $facts.known -}}
{{- $fix := ternary "is a secret: put it into the Secret" "is taken from the Secret already: name another source" (hasKey . "value") -}}
: {{ .name }} {{ $fix }}, or write {{ $facts.prefix }}heimdall.keys.{{ .name }}: {secret: …, key: …}.
{{- else if $made -}}
: {{ .name }} {{ $made }}
{{- else if and (hasKey . "value") (include "heimdall-pr.namesSecret" .name) -}}
{{- printf
  (cat " has a value, and its name is that of a secret: take it by valueFrom, or put it into the Secret and name it in"
    "%s.extraSecretKeys.")
  $facts.valuesPath -}}
{{- end -}}
{{- end -}}
{{- end -}}
