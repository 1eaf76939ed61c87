{{/* The further objects of the release, and which Secrets they make. */}}

{{/* extraObjects as a YAML list: objects as they are (External Secrets and others have templates of their own in them), texts
     with their templates filled in, each a document or several. */}}
{{- define "heimdall-pr.objects" -}}
{{- $objects := list -}}
{{- range .Values.extraObjects -}}
{{- if and (kindIs "string" .) (not (include "heimdall-pr.secretText" .)) -}}
{{- range regexSplit `(?m)^---(?:[ \t].*)?$` (tpl . $) -1 -}}
{{- with fromYaml . -}}{{- $objects = append $objects . -}}{{- end -}}
{{- end -}}
{{- else if kindIs "map" . -}}
{{- $objects = append $objects . -}}
{{- end -}}
{{- end -}}
{{- toYaml $objects -}}
{{- end -}}

{{/* "true" for a text with a Secret and templates in it: Helm prints such a text whole where a template fails. */}}
{{- define "heimdall-pr.secretText" -}}
{{- if and (contains "{{" .) (regexMatch `(?m)^\s*["']?kind["']?\s*:\s*["']?Secret["']?\s*(#.*)?$` .) -}}true{{- end -}}
{{- end -}}

{{/* The names of the Secrets that they make, as a JSON list. */}}
{{- define "heimdall-pr.produced" -}}
{{- $names := list -}}
{{- range include "heimdall-pr.objects" . | fromYamlArray -}}
{{- $own := get (.metadata | default dict) "name" -}}
{{- $spec := .spec | default dict -}}
{{- if eq (.kind | toString) "Secret" -}}
{{- $names = append $names $own -}}
{{- else if eq (.kind | toString) "ExternalSecret" -}}
{{- $names = append $names (get ($spec.target | default dict) "name" | default $own) -}}
{{- else if eq (.kind | toString) "ClusterExternalSecret" -}}
{{- $names = append $names (get (get ($spec.externalSecretSpec | default dict) "target" | default dict) "name" | default $spec.externalSecretName | default $own) -}}
{{- else if eq (.kind | toString) "SealedSecret" -}}
{{- $names = append $names $own -}} {{- /* whatever name its template has */ -}}
{{- else if has (.kind | toString) (list "VaultStaticSecret" "VaultDynamicSecret" "VaultPKISecret") -}}
{{- $names = append $names (get ($spec.destination | default dict) "name" | default $own) -}}
{{- else if eq (.kind | toString) "SecretProviderClass" -}}
{{- range $spec.secretObjects -}}
{{- $names = append $names .secretName -}}
{{- end -}}
{{- else if eq (.kind | toString) "Cluster" -}}
{{- /* CloudNativePG */ -}}
{{- $names = append $names (printf "%s-app" $own) -}}
{{- end -}}
{{- end -}}
{{- toJson $names -}}
{{- end -}}
