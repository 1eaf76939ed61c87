{{/* Names, and the path of the user's values. */}}

{{/* The names (or aliases) of the subcharts from the root chart to this one, joined by dots. */}}
{{- define "secrets-contract.v1.subchart" -}}
{{- .Template.BasePath | trimSuffix "/templates" | splitList "/charts/" | rest | join "." -}}
{{- end -}}

{{/* What comes before the path of every value of this chart: nothing, or the alias and a dot. */}}
{{- define "secrets-contract.v1.prefix" -}}
{{- with include "secrets-contract.v1.subchart" . -}}{{- . -}}.{{- end -}}
{{- end -}}

{{/* (list TEXT MAX): TEXT as a DNS label of at most MAX characters. A text that had to be changed gets a digest of the whole,
     so that two texts never become one name. */}}
{{- define "secrets-contract.v1.label" -}}
{{- $text := first . -}}
{{- $label := regexReplaceAll "[^-a-z0-9]" (lower $text) "-" | trimAll "-" -}}
{{- if or (ne $label $text) (gt (len $label) (last .)) -}}
{{- $label = printf "%s-%s" ($label | trunc (int (sub (last .) 9)) | trimSuffix "-") (sha256sum $text | trunc 8) -}}
{{- end -}}
{{- $label -}}
{{- end -}}

{{/* The text itself if it can be the name of an object, else nothing. */}}
{{- define "secrets-contract.v1.isName" -}}
{{- $label := `[a-z0-9]([-a-z0-9]*[a-z0-9])?` -}}
{{- if and (le (len .) 253) (regexMatch (printf `\A%s(\.%s)*\z` $label $label) .) -}}{{- . -}}{{- end -}}
{{- end -}}

{{/* The text itself if it can be the name of a Secret's key, else nothing: the kubelet makes files of them. */}}
{{- define "secrets-contract.v1.isKey" -}}
{{- if and (regexMatch `\A[-._a-zA-Z0-9]{1,253}\z` .) (ne . ".") (not (hasPrefix ".." .)) -}}{{- . -}}{{- end -}}
{{- end -}}

{{- define "secrets-contract.v1.text.name" -}}
lower-case letters, digits, '-' and '.', with a letter or digit at both ends and next to each '.'
{{- end -}}
