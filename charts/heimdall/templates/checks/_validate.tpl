{{/* What the chart refuses by itself: all of it at once, each with its mend, and never a value. */}}

{{- define "heimdall-pr.validate" -}}
{{- $found := list -}}
{{- range $check := list "names" "legacy" "misplaced" "approach" "existing" "keys" "inline" "files" "ownership" "settings" "auth" "database" "network" "workload" "objects" "gate" "kubernetes" -}}
{{- range include (printf "heimdall-pr.check.%s" $check) $ | fromJsonArray -}}
{{- $found = append $found . -}}
{{- end -}}
{{- end -}}
{{- if $found -}}
{{- fail (printf "\n\nheimdall: nothing was rendered: %s\n\n%s\n" (include "heimdall-pr.count" $found) (join "\n" $found)) -}}
{{- end -}}
{{- end -}}

{{- define "heimdall-pr.count" -}}
{{- len . }} {{ ternary "error" "errors" (eq (len .) 1) -}}
{{- end -}}
