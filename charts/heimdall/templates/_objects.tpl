{{/* The further objects of the release, and which Secrets they make. */}}

{{/* extraObjects with their templates filled in, as a YAML list. */}}
{{- define "heimdall-pr.objects" -}}
{{- $objects := list -}}
{{- range .Values.extraObjects -}}
{{- $text := tpl (kindIs "string" . | ternary . (toYaml .)) $ -}}
{{- $objects = append $objects (fromYaml $text) -}}
{{- end -}}
{{- toYaml $objects -}}
{{- end -}}

{{/* The names of the Secrets that they make, as a JSON list. */}}
{{- define "heimdall-pr.produced" -}}
{{- $names := list -}}
{{- range include "heimdall-pr.objects" . | fromYamlArray -}}
{{- $own := dig "metadata" "name" "" . -}}
{{- $spec := .spec | default dict -}}
{{- if eq (.kind | toString) "Secret" -}}
{{- $names = append $names $own -}}
{{- else if eq (.kind | toString) "ExternalSecret" -}}
{{- $names = append $names (dig "target" "name" $own $spec) -}}
{{- else if eq (.kind | toString) "ClusterExternalSecret" -}}
{{- $names = append $names (dig "externalSecretSpec" "target" "name" (dig "externalSecretName" $own $spec) $spec) -}}
{{- else if eq (.kind | toString) "SealedSecret" -}}
{{- $names = append $names $own -}} {{- /* whatever name its template has */ -}}
{{- else if has (.kind | toString) (list "VaultStaticSecret" "VaultDynamicSecret" "VaultPKISecret") -}}
{{- $names = append $names (dig "destination" "name" $own $spec) -}}
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
