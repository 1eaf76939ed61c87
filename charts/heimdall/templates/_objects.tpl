{{/* The further objects of the release, and which Secrets they make. */}}

{{/* (FACTS): sets objects, extraObjects as a list: objects as they are (External Secrets and others have templates of their own in
     them), texts with their templates filled in, each a document or several. */}}
{{- define "heimdall-pr.objects" -}}
{{- $objects := list -}}
{{- range .root.Values.extraObjects -}}
{{- if and (kindIs "string" .) (not (include "heimdall-pr.secretText" .)) -}}
{{- range regexSplit `(?m)^---(?:[ \t].*)?$` (tpl . $.root) -1 -}}
{{- with fromYaml . -}}{{- $objects = append $objects . -}}{{- end -}}
{{- end -}}
{{- else if kindIs "map" . -}}
{{- $objects = append $objects . -}}
{{- end -}}
{{- end -}}
{{- $_ := set . "objects" $objects -}}
{{- end -}}

{{/* "true" for a text with a Secret and templates in it: Helm prints such a text whole if a template fails. */}}
{{- define "heimdall-pr.secretText" -}}
{{- if and (contains "{{" .) (regexMatch `(?m)^\s*["']?kind["']?\s*:\s*["']?Secret["']?\s*(#.*)?$` .) -}}true{{- end -}}
{{- end -}}

{{/* (FACTS): sets objects, and produced, the names of the Secrets that they make; not again if that was done before. */}}
{{- define "heimdall-pr.produced" -}}
{{- if not (hasKey . "produced") -}}
{{- $_ := include "heimdall-pr.objects" . -}}
{{- $names := list -}}
{{- range .objects -}}
{{- $own := get (.metadata | default dict) "name" -}}
{{- $spec := .spec | default dict -}}
{{- $kind := .kind | toString -}}
{{- if has $kind (list "Secret" "SealedSecret") -}}
{{- $names = append $names $own -}} {{- /* a SealedSecret's template may have another name: it does not count */ -}}
{{- else if eq $kind "ExternalSecret" -}}
{{- $names = append $names (get ($spec.target | default dict) "name" | default $own) -}}
{{- else if eq $kind "ClusterExternalSecret" -}}
{{- $target := get ($spec.externalSecretSpec | default dict) "target" | default dict -}}
{{- $names = append $names (get $target "name" | default $spec.externalSecretName | default $own) -}}
{{- else if has $kind (list "VaultStaticSecret" "VaultDynamicSecret" "VaultPKISecret") -}}
{{- $names = append $names (get ($spec.destination | default dict) "name" | default $own) -}}
{{- else if eq $kind "SecretProviderClass" -}}
{{- range $spec.secretObjects -}}
{{- $names = append $names .secretName -}}
{{- end -}}
{{- else if eq $kind "Cluster" -}}
{{- /* CloudNativePG */ -}}
{{- $names = append $names (printf "%s-app" $own) -}}
{{- end -}}
{{- end -}}
{{- $_ := set . "produced" $names -}}
{{- end -}}
{{- end -}}
