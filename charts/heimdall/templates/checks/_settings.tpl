{{/* Names of variables, and no secret where it could be read. */}}

{{- define "heimdall-pr.check.settings" -}}
{{- $path := .valuesPath -}}
{{- range $i, $key := .root.Values.heimdall.extraSecretKeys -}}
{{- if not (include "heimdall-pr.isVariable" $key) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s.extraSecretKeys[%d] is not a valid environment variable name." $path $i)) -}}
{{- else -}}
{{- $ofDatabase := and (not $.embedded) (regexMatch `\ADATABASE_(HOST|NAME|PORT|USERNAME)\z` $key) -}}
{{- with include "heimdall-pr.madeOf" (list $ $key) -}}
{{- if not $ofDatabase -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s.extraSecretKeys[%d]: %s %s" $path $i $key .)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $key, $value := .root.Values.heimdall.config -}}
{{- with include "heimdall-pr.bad.setting" (list $ $key $value) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s.config%s" $path .)) -}}
{{- end -}}
{{- end -}}
{{- range $name, $text := omit .config "DATABASE_HOST" "EXTERNAL_URL" -}}
{{- if and (regexMatch `//[^/\s]*@` $text) (not (hasKey ($.root.Values.heimdall.config | default dict) $name)) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  (cat "The setting %s is an address with a user in it, and settings are not secret: write %s into the Secret and name it in"
    "%s.extraSecretKeys.")
  $name $name $path)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS NAME VALUE): what is wrong with a setting in heimdall.config. A name that is neither a variable's nor close to a known
     secret's is not shown. */}}
{{- define "heimdall-pr.bad.setting" -}}
{{- $facts := first . -}}
{{- $path := $facts.valuesPath -}}
{{- $name := index . 1 -}}
{{- $made := include "heimdall-pr.madeOf" (list $facts $name) -}}
{{- $meant := include "heimdall-pr.meant" (list $facts $name) -}}
{{- if not (include "heimdall-pr.isVariable" $name) }} has a key that is not a valid environment variable name.
{{- else if has $name $facts.known -}}
.{{ $name }} is a secret, and config is not; it belongs to {{ $path }}.secrets.
{{- else if $made -}}
.{{ $name }} {{ $made }}
{{- else if $meant -}}
.{{ $name }} is close to {{ $meant }}, which is a secret and belongs to {{ $path }}.secrets.
{{- else if include "heimdall-pr.namesSecret" $name -}}
{{- printf " has a key that names a secret, and config is not one: put it into the Secret and name it in %s.extraSecretKeys." $path -}}
{{- else if regexMatch `//[^/\s]*:[^/\s]*@` (toString (last .)) -}}
{{- printf " has an address with a password in it: put it into the Secret and name its variable in %s.extraSecretKeys." $path -}}
{{- end -}}
{{- end -}}

{{/* "true" for the name of a variable that is meant for a secret. */}}
{{- define "heimdall-pr.namesSecret" -}}
{{- $words := `secret|passw(or)?d|passphrase|token|credentials?|(private|access|api|encryption|signing)_?key|(\A|_)(pass|pwd)` -}}
{{- if regexMatch (printf `(?i)(%s)\z` $words) . -}}true{{- end -}}
{{- end -}}

{{- define "heimdall-pr.isVariable" -}}
{{- if regexMatch `\A[A-Za-z_][A-Za-z0-9_]*\z` . -}}true{{- end -}}
{{- end -}}

{{/* (list FACTS VARIABLE): for a variable that other parts of the chart depend on, which value makes it. */}}
{{- define "heimdall-pr.madeOf" -}}
{{- $made := dict
  "PORT" "heimdall.port"
  "EXTERNAL_URL" "heimdall.externalUrl"
  "DATABASE_HOST" "externalDatabase.host"
  "DATABASE_PORT" "externalDatabase.port"
  "DATABASE_NAME" "externalDatabase.name (or postgresql.database)"
  "DATABASE_USERNAME" "externalDatabase.username (or postgresql.username)"
  "DATABASE_SSL" "externalDatabase.tls.enabled"
  "DATABASE_SSL_INSECURE" "externalDatabase.tls.insecure" -}}
{{- with get $made (last .) -}}
{{- $else := printf ", or from a Secret %s.keys.%s: {secret: …, key: …}" (first $).valuesPath (last $) -}}
{{- $else = ternary $else "" (and (not (first $).embedded) (regexMatch `\ADATABASE_(HOST|NAME|PORT|USERNAME)\z` (last $))) -}}
{{- printf "is made of another value: write %s%s%s." (first $).prefix . $else -}}
{{- end -}}
{{- end -}}
