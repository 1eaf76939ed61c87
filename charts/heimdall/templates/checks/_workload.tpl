{{/* The pod: one of it, and no secret in clear. */}}

{{- define "heimdall-pr.check.workload" -}}
{{- $found := list -}}
{{- $prefix := include "heimdall-pr.prefix" . -}}
{{- if ne (toJson .Values.replicaCount) "1" -}}
{{- $found = append $found (printf "%sreplicaCount must be 1: each process has a session secret of its own, so users would be logged out at random, and each start migrates the database." $prefix) -}}
{{- end -}}
{{- $known := include "heimdall-pr.known" . | fromJsonArray -}}
{{- range $i, $variable := .Values.extraEnv -}}
{{- if has .name $known -}}
{{- $mend := ternary "is a secret: put it into the Secret" "is taken from the Secret already: name another source" (hasKey . "value") -}}
{{- $found = append $found (printf "%sextraEnv[%d]: %s %s, or write %sheimdall.keys.%s: {secret: …, key: …}." $prefix $i .name $mend $prefix .name) -}}
{{- else if hasKey (include "heimdall-pr.wired" $ | fromYaml) .name -}}
{{- $found = append $found (printf "%sextraEnv[%d]: %s is made of another value: write %s%s." $prefix $i .name $prefix (get (include "heimdall-pr.wired" $ | fromYaml) .name)) -}}
{{- end -}}
{{- end -}}
{{- range $_, $authority := include "heimdall-pr.authorities" . | fromYaml -}}
{{- if and $authority.from.configMap $authority.from.secret -}}
{{- $found = append $found (printf "%s%s has a configMap and a secret: leave one of them out." $prefix $authority.path) -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}
