{{/* The pod: one of it, and no secret in clear. */}}

{{- define "heimdall-pr.check.workload" -}}
{{- $found := list -}}
{{- $prefix := include "heimdall-pr.prefix" . -}}
{{- if ne (toJson .Values.replicaCount) "1" -}}
{{- $found = append $found (printf "%sreplicaCount must be 1: each process has a session secret of its own, so users would be logged out at random, and each start migrates the database." $prefix) -}}
{{- end -}}
{{- range $path, $image := dict "postgresql.image" (ternary .Values.postgresql.image dict (eq (include "heimdall-pr.embedded" .) "true")) "tests.image" (ternary .Values.tests.image dict .Values.tests.enabled) -}}
{{- if and $image (not $image.tag) (not $image.digest) -}}
{{- $found = append $found (printf "%s%s has no tag and no digest." $prefix $path) -}}
{{- end -}}
{{- end -}}
{{- $containers := list "heimdall" -}}
{{- if include "heimdall-pr.embedded" . -}}{{- $containers = append $containers "wait-for-database" -}}{{- end -}}
{{- range concat (.Values.initContainers | default list) (.Values.sidecars | default list) -}}
{{- if has .name $containers -}}
{{- $found = append $found (printf "%ssidecars and initContainers: two containers are called %s." $prefix .name) -}}
{{- end -}}
{{- $containers = append $containers .name -}}
{{- end -}}
{{- $known := include "heimdall-pr.known" . | fromJsonArray -}}
{{- range $i, $variable := .Values.extraEnv -}}
{{- if has .name $known -}}
{{- $mend := ternary "is a secret: put it into the Secret" "is taken from the Secret already: name another source" (hasKey . "value") -}}
{{- $found = append $found (printf "%sextraEnv[%d]: %s %s, or write %sheimdall.keys.%s: {secret: …, key: …}." $prefix $i .name $mend $prefix .name) -}}
{{- else if hasKey (include "heimdall-pr.wired" $ | fromYaml) .name -}}
{{- $found = append $found (printf "%sextraEnv[%d]: %s is made of another value: write %s%s." $prefix $i .name $prefix (get (include "heimdall-pr.wired" $ | fromYaml) .name)) -}}
{{- else if and (hasKey . "value") (include "heimdall-pr.namesSecret" .name) -}}
{{- $found = append $found (printf "%sextraEnv[%d] has a value, and its name is that of a secret: take it by valueFrom, or put it into the Secret and name it in %s.extraSecretKeys." $prefix $i (include "heimdall-pr.valuesPath" $)) -}}
{{- end -}}
{{- end -}}
{{- range $name, $_ := include "heimdall-pr.caVariables" . | fromJson -}}
{{- if hasKey (include "heimdall-pr.sources" $ | fromJson) $name -}}
{{- $found = append $found (printf "%s.keys.%s is given, and a certificate for it is mounted too: leave one of them out." (include "heimdall-pr.valuesPath" $) $name) -}}
{{- end -}}
{{- end -}}
{{- range $_, $authority := include "heimdall-pr.authorities" . | fromYaml -}}
{{- if and $authority.from.configMap $authority.from.secret -}}
{{- $found = append $found (printf "%s%s has a configMap and a secret: leave one of them out." $prefix $authority.path) -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}
