{{/* Which secrets there are, where they come from, and what of them is rendered. */}}

{{/* (FACTS): sets policy, the rules' data; not again if that was done before. */}}
{{- define "heimdall-pr.facts.policy" -}}
{{- if not (hasKey . "policy") -}}
{{- $_ := set . "policy" (include "heimdall-pr.policy" . | fromJson) -}}
{{- end -}}
{{- end -}}

{{/* (FACTS): sets required: the policy's keys, and those of the logins that are on. expected: what a value is, and the command that
     makes one; word: the same as a word of a shell command. The chart offers no recipe for the password of a database that exists
     already, nor for what a login's provider gave: the word stops the shell if it is not given. A login's key has the length 0. */}}
{{- define "heimdall-pr.facts.required" -}}
{{- $required := list -}}
{{- $embedded := include "heimdall-pr.embedded" .root -}}
{{- range .policy.keys -}}
{{- $expected := printf "%d characters, %s" (int .length) .recipe -}}
{{- $word := .word -}}
{{- if and (eq .name "DATABASE_PASSWORD") (not $embedded) -}}
{{- $expected = printf "the password that %sexternalDatabase.username has in that database" $.prefix -}}
{{- $word = "${DATABASE_PASSWORD:?is the one that the database knows}" -}}
{{- end -}}
{{- $required = append $required (dict "key" .name "length" (int .length) "expected" $expected "word" $word) -}}
{{- end -}}
{{- range .logins -}}
{{- $expected := printf "%s, to be written there: %s" .what .login -}}
{{- $word := printf "${%s:?is %s}" .key .what -}}
{{- $required = append $required (dict "key" .key "length" 0 "expected" $expected "word" $word) -}}
{{- end -}}
{{- $_ := set . "required" $required -}}
{{- end -}}

{{/* (FACTS): sets optional, the other secrets that the application reads if they are there, and the user's own list; known, all of them:
     what must never be in plaintext; and databaseFrom, the settings of the database that come from a Secret. */}}
{{- define "heimdall-pr.facts.optional" -}}
{{- $required := list -}}
{{- range .required -}}
{{- $required = append $required .key -}}
{{- end -}}
{{- $optional := list -}}
{{- $_ := set . "databaseFrom" (without (include "heimdall-pr.databaseFrom" .root | splitList ",") "") -}}
{{- range concat .policy.optional (.root.Values.heimdall.extraSecretKeys | default list) .databaseFrom -}}
{{- if not (has . $required) -}}
{{- $optional = append $optional . -}}
{{- end -}}
{{- end -}}
{{- $_ := set . "optional" (uniq $optional) -}}
{{- $_ := set . "known" (concat $required .optional) -}}
{{- end -}}

{{/* (FACTS): sets approach, ignored, embedded, gated, ownSecret, secret. */}}
{{- define "heimdall-pr.facts.approach" -}}
{{- $_ := set . "approach" (include "heimdall-pr.approach" .root) -}}
{{- $_ := set . "ignored" (include "heimdall-pr.ignored" .root) -}}
{{- $_ := set . "embedded" (eq (include "heimdall-pr.embedded" .root) "true") -}}
{{- $_ := set . "gated" (eq (include "heimdall-pr.gated" .root) "true") -}}
{{- $_ := set . "ownSecret" (include "heimdall-pr.ownSecret" .root) -}}
{{- $_ := set . "secret" (include "heimdall-pr.secretName" .root) -}}
{{- end -}}

{{/* The first that is set wins whole. If none is, the check refuses; `helm lint` goes on, with no file. */}}
{{- define "heimdall-pr.approach" -}}
{{- with .Values.heimdall -}}
{{- if .existingSecret -}}existing{{- else if .secrets -}}inline{{- else -}}files{{- end -}}
{{- end -}}
{{- end -}}

{{/* The lower-precedence values that were set too, comma-separated. */}}
{{- define "heimdall-pr.ignored" -}}
{{- $ignored := list -}}
{{- with .Values.heimdall -}}
{{- if and .existingSecret .secrets -}}{{- $ignored = append $ignored "secrets" -}}{{- end -}}
{{- if and (or .existingSecret .secrets) .secretsFiles -}}{{- $ignored = append $ignored "secretsFiles" -}}{{- end -}}
{{- end -}}
{{- join "," $ignored -}}
{{- end -}}

{{- define "heimdall-pr.ownSecret" -}}
{{- printf "%s-secrets" (include "heimdall-pr.fullname" .) -}}
{{- end -}}

{{- define "heimdall-pr.secretName" -}}
{{- .Values.heimdall.existingSecret | default (include "heimdall-pr.ownSecret" .) -}}
{{- end -}}

{{/* (FACTS): sets data and waits. Each inline value is base64; what only the post-renderer can fill is not, so that no API server
     takes it. Values that are not strings were refused; this only keeps an error from printing them. */}}
{{- define "heimdall-pr.facts.data" -}}
{{- $data := dict -}}
{{- $waits := false -}}
{{- $secrets := .root.Values.heimdall.secrets -}}
{{- if eq .approach "files" -}}
{{- range .expected -}}
{{- $waits = true -}}
{{- $_ := set $data .key "<install with --post-renderer heimdall-pr>" -}}
{{- end -}}
{{- else if and (eq .approach "inline") (kindIs "map" $secrets) -}}
{{- range $key, $value := $secrets -}}
{{- if kindIs "string" $value -}}
{{- $variable := include "heimdall-pr.fromEnvironment" $value -}}
{{- $waits = or $waits (ne $variable "") -}}
{{- $_ := set $data $key ($variable | default (b64enc $value)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $_ := set . "data" $data -}}
{{- $_ := set . "waits" $waits -}}
{{- end -}}

{{/* The value itself if it is exactly ${NAME}, else nothing. */}}
{{- define "heimdall-pr.fromEnvironment" -}}
{{- if regexMatch `\A\$\{[A-Za-z_][A-Za-z0-9_]*\}\z` . -}}{{- . -}}{{- end -}}
{{- end -}}

{{/* (FACTS): one digest over all of the Secret's values, and only if one is long: a digest of short ones alone could be guessed. */}}
{{- define "heimdall-pr.checksum" -}}
{{- if and (eq .approach "inline") (not .waits) -}}
{{- $lines := "" -}}
{{- $long := false -}}
{{- range $key, $value := .data -}}
{{- $lines = printf "%s%s=%s\n" $lines $key $value -}}
{{- $long = or $long (regexMatch `(?s)\A.{64,}\z` (b64dec $value)) -}}
{{- end -}}
{{- if $long -}}{{- sha256sum $lines -}}{{- end -}}
{{- end -}}
{{- end -}}
