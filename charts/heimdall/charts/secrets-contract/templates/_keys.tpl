{{/* Which keys there are, which Secret and which key in it feed each, and what a value is. */}}

{{/* (list ROOT FACTS): sets declared, the keys that the contract calls required; required, those that must be there now (what somebody
     else fills later is not); optional and known. */}}
{{- define "secrets-contract.v1.facts.keys" -}}
{{- $facts := last . -}}
{{- $spec := $facts.spec -}}
{{- if not $spec.keys -}}
{{- fail (printf "\n\n%s: the chart's list of secrets has no keys: docs/library.md has every field\n" $spec.application) -}}
{{- end -}}
{{- $grouped := include "secrets-contract.v1.grouped" $facts | fromJsonArray -}}
{{- $declared := list -}}
{{- $required := list -}}
{{- $optional := list -}}
{{- range $name := concat ($spec.order | default list) (keys $spec.keys | sortAlpha) | uniq -}}
{{- $key := get $spec.keys $name | default dict -}}
{{- if or (eq (toString $key.optional) "true") (has $name $grouped) -}}
{{- $optional = append $optional $name -}}
{{- else -}}
{{- $declared = append $declared $name -}}
{{- if $key.filledBy -}}
{{- $optional = append $optional $name -}}
{{- else -}}
{{- $required = append $required (include "secrets-contract.v1.key" (list $name $key) | fromJson) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $_ := set $facts "declared" $declared -}}
{{- $_ := set $facts "required" $required -}}
{{- $_ := set $facts "optional" $optional -}}
{{- $_ := set $facts "known" (uniq (concat $declared $optional)) -}}
{{- end -}}

{{/* (list NAME KEY): an entry of `required` as JSON. */}}
{{- define "secrets-contract.v1.key" -}}
{{- $name := first . -}}
{{- $key := last . -}}
{{- $length := include "secrets-contract.v1.length" $key | fromJson -}}
{{- $size := $length.recommended | default (first ($length.in | default list)) | default $length.exact | default $length.min | default 0 -}}
{{- $word := $key.word | default (include "secrets-contract.v1.word" (list $name $key (int $size))) -}}
{{- $texts := list -}}
{{- if $length.recommended -}}{{- $texts = append $texts (printf "%d characters" (int $length.recommended)) -}}
{{- else if $length.exact -}}{{- $texts = append $texts (printf "%d characters" (int $length.exact)) -}}
{{- else if $length.in -}}{{- $texts = append $texts (printf "%s characters" (include "secrets-contract.v1.sizes" $length.in)) -}}
{{- else if $length.min -}}{{- $texts = append $texts (printf "at least %d characters" (int $length.min)) -}}
{{- end -}}
{{- with $key.format -}}{{- $texts = append $texts . -}}{{- end -}}
{{- if hasPrefix "$(" $word -}}{{- $texts = append $texts (trimPrefix "$(" $word | trimSuffix ")") -}}{{- end -}}
{{- with $key.rotation -}}{{- $texts = append $texts . -}}{{- end -}}
{{- $expected := $key.expected | default (join ", " $texts) | default "a value" -}}
{{- dict "key" $name "length" (int $length.recommended) "expected" $expected "word" $word | toJson -}}
{{- end -}}

{{/* (KEY): its lengths as JSON: {recommended, min, exact, in}. */}}
{{- define "secrets-contract.v1.length" -}}
{{- with .length -}}
{{- ternary . (dict "recommended" .) (kindIs "map" .) | toJson -}}
{{- else -}}
{}
{{- end -}}
{{- end -}}

{{/* (SIZES): `16, 24 or 32`. */}}
{{- define "secrets-contract.v1.sizes" -}}
{{- $texts := list -}}
{{- range . -}}{{- $texts = append $texts (int . | toString) -}}{{- end -}}
{{- join " or " $texts -}}
{{- end -}}

{{/* (list NAME KEY SIZE): a word of a shell command, between double quotes, that makes a value. What nobody here can make is asked for:
     the word stops the shell if it is not given. */}}
{{- define "secrets-contract.v1.word" -}}
{{- $name := first . -}}
{{- $key := index . 1 -}}
{{- $size := last . | default 64 -}}
{{- $form := splitList ":" ($key.format | default "hex") -}}
{{- $bytes := ternary (last $form | int) 32 (eq (len $form) 2) -}}
{{- $made := and (has ($key.kind | default "password") (list "password" "token")) (ne (toString $key.issuer) "third-party") -}}
{{- if and $made (eq (first $form) "hex") -}}
{{- $half := div (add1 $size) 2 -}}
$(openssl rand -hex {{ $half }}{{ ternary (printf " | cut -c 1-%d" $size) "" (ne (mul 2 $half | int) $size) }})
{{- else if and $made (eq (first $form) "base64") -}}
$(openssl rand -base64 {{ $bytes }} | tr -d '\n')
{{- else if and $made (eq (first $form) "base64url") -}}
$(openssl rand -base64 {{ $bytes }} | tr '+/' '-_' | tr -d '=\n')
{{- else -}}
{{- include "secrets-contract.v1.asked" $name -}}
{{- end -}}
{{- end -}}

{{/* (NAME): a word that stops the shell if no value is given for a key. */}}
{{- define "secrets-contract.v1.asked" -}}
{{- $variable := regexReplaceAll "[^A-Za-z0-9_]" . "_" | trimAll "_" | default "KEY" -}}
{{- printf "${%s:?is its value}" (regexReplaceAll `\A([0-9])` $variable "_${1}") -}}
{{- end -}}

{{/* (list ROOT FACTS): sets sources, from, expected, secretNames. */}}
{{- define "secrets-contract.v1.facts.sources" -}}
{{- $facts := last . -}}
{{- $sources := dict -}}
{{- $names := list $facts.secret -}}
{{- range $name, $from := $facts.block.keys -}}
{{- if kindIs "map" $from -}}
{{- $secret := $from.secret | default $facts.block.existingSecret | default "" -}}
{{- $_ := set $sources $name (dict "secret" $secret "key" ($from.key | default $name)) -}}
{{- $names = append $names $secret -}}
{{- end -}}
{{- end -}}
{{- $from := dict -}}
{{- range $facts.known -}}
{{- $_ := set $from . (get $sources . | default (dict "secret" $facts.secret "key" .)) -}}
{{- end -}}
{{- $expected := list -}}
{{- range $facts.required -}}
{{- if not (hasKey $sources .key) -}}
{{- $expected = append $expected . -}}
{{- end -}}
{{- end -}}
{{- $_ := set $facts "sources" $sources -}}
{{- $_ := set $facts "from" $from -}}
{{- $_ := set $facts "expected" $expected -}}
{{- $_ := set $facts "secretNames" (uniq $names) -}}
{{- end -}}

{{/* (SOURCE): the name and key of a secretKeyRef. */}}
{{- define "secrets-contract.v1.secretKeyRef" -}}
name: {{ .secret | quote }}
key: {{ .key | quote }}
{{- end -}}
