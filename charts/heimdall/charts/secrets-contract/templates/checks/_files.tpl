{{/* Paths of the approach "files". The contract shows each one, so that none may be what a file holds. */}}

{{- define "secrets-contract.v1.check.files" -}}
{{- if eq .approach "files" -}}
{{- range $i, $file := .block.secretsFiles -}}
{{- if not (and (kindIs "string" $file) (include "secrets-contract.v1.isPath" (list $ (toString $file)))) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  "%s.secretsFiles[%d] is no path of a file, and is not shown: write the path itself; --set-file gives the content of the file."
  $.valuesPath $i)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS TEXT): "true" if a text can be meant as a path. */}}
{{- define "secrets-contract.v1.isPath" -}}
{{- $text := last . -}}
{{- with $paths := (first .).rules.paths -}}
{{- $bad := or (not (trim $text)) (gt (len $text) (int .longest)) (mustRegexMatch .never $text) -}}
{{- range splitList "/" $text -}}
{{- $bad = or $bad (gt (len .) (int $paths.longestName)) -}}
{{- end -}}
{{- range .values -}}
{{- $all := true -}}
{{- range . -}}
{{- $all = and $all (mustRegexMatch . (trim $text)) -}}
{{- end -}}
{{- $bad = or $bad $all -}}
{{- end -}}
{{- if not $bad -}}true{{- end -}}
{{- end -}}
{{- end -}}
