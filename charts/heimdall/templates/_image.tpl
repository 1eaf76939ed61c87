{{/* Images and how they are pulled. */}}

{{/* {root, image, tag}: the digest decides, else the image's tag, else that one. */}}
{{- define "heimdall-pr.image" -}}
{{- $registry := dig "imageRegistry" "" (.root.Values.global | default dict) | default .image.registry | default "" -}}
{{- $tag := .image.tag | default .tag | default "" -}}
{{- $tag = kindIs "string" $tag | ternary $tag (toJson $tag) -}}
{{- $version := ternary (printf "@%s" .image.digest) (printf ":%s" $tag) (not (empty .image.digest)) -}}
{{- printf "%s/%s%s" $registry .image.repository $version | trimPrefix "/" -}}
{{- end -}}

{{/* imagePullSecrets and the global ones, or nothing. */}}
{{- define "heimdall-pr.imagePullSecrets" -}}
{{- $names := list -}}
{{- range concat (dig "imagePullSecrets" list (.Values.global | default dict) | default list) (.Values.imagePullSecrets | default list) -}}
{{- $names = append $names (dict "name" (include "heimdall-pr.pullSecret" .)) -}}
{{- end -}}
{{- with uniq $names }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/* A name, or {name: …}: the name. */}}
{{- define "heimdall-pr.pullSecret" -}}
{{- kindIs "string" . | ternary . (get (kindIs "map" . | ternary . dict) "name") -}}
{{- end -}}
