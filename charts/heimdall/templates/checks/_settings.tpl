{{/* Names of variables, and no secret where it could be read. */}}

{{- define "heimdall-pr.check.settings" -}}
{{- $found := list -}}
{{- $path := include "heimdall-pr.valuesPath" . -}}
{{- range $i, $key := .Values.heimdall.extraSecretKeys -}}
{{- if not (include "heimdall-pr.isVariable" $key) -}}
{{- $found = append $found (printf "%s.extraSecretKeys[%d] is no name of an environment variable." $path $i) -}}
{{- else if hasKey (include "heimdall-pr.wired" $ | fromYaml) $key -}}
{{- $found = append $found (printf "%s.extraSecretKeys[%d]: %s is made of another value: write %s%s." $path $i $key (include "heimdall-pr.prefix" $) (get (include "heimdall-pr.wired" $ | fromYaml) $key)) -}}
{{- end -}}
{{- end -}}
{{- range $key, $value := .Values.heimdall.config -}}
{{- with include "heimdall-pr.bad.setting" (list $ $key $value) -}}
{{- $found = append $found (printf "%s.config%s" $path .) -}}
{{- end -}}
{{- end -}}
{{- range $name, $text := omit (include "heimdall-pr.config" . | fromJson) "DATABASE_HOST" "EXTERNAL_URL" -}}
{{- if and (regexMatch `//[^/\s]*@` $text) (not (hasKey ($.Values.heimdall.config | default dict) $name)) -}}
{{- $found = append $found (printf "The setting %s is an address with a user in it, and settings are no secrets: write %s into the Secret and name it in %s.extraSecretKeys." $name $name $path) -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{/* (list ROOT NAME VALUE): what is wrong with a setting in heimdall.config. A name that is neither a variable's nor close to a known
     secret's is not shown. */}}
{{- define "heimdall-pr.bad.setting" -}}
{{- $path := include "heimdall-pr.valuesPath" (first .) -}}
{{- $name := index . 1 -}}
{{- $elsewhere := include "heimdall-pr.wired" (first .) | fromYaml -}}
{{- if not (include "heimdall-pr.isVariable" $name) }} has a key that is no name of an environment variable.
{{- else if has $name (include "heimdall-pr.known" (first .) | fromJsonArray) -}}
.{{ $name }} is a secret, and config is not; it belongs to {{ $path }}.secrets.
{{- else if hasKey $elsewhere $name -}}
.{{ $name }} is made of another value: write {{ include "heimdall-pr.prefix" (first .) }}{{ get $elsewhere $name }}.
{{- else if include "heimdall-pr.meant" (dict "root" (first .) "key" $name) -}}
.{{ $name }} is close to {{ include "heimdall-pr.meant" (dict "root" (first .) "key" $name) }}, which is a secret and belongs to {{ $path }}.secrets.
{{- else if include "heimdall-pr.namesSecret" $name }} has a key that names a secret, and config is not one: put it into the Secret and name it in {{ $path }}.extraSecretKeys.
{{- else if regexMatch `//[^/\s]*:[^/\s]*@` (toString (last .)) }} has an address with a password in it: put it into the Secret and name its variable in {{ $path }}.extraSecretKeys.
{{- end -}}
{{- end -}}

{{/* "true" for the name of a variable that is meant for a secret. */}}
{{- define "heimdall-pr.namesSecret" -}}
{{- if regexMatch `(?i)(secret|passw(or)?d|passphrase|token|credentials?|(private|access|api|encryption|signing)_?key|(\A|_)(pass|pwd))\z` . -}}true{{- end -}}
{{- end -}}

{{- define "heimdall-pr.isVariable" -}}
{{- if regexMatch `\A[A-Za-z_][A-Za-z0-9_]*\z` . -}}true{{- end -}}
{{- end -}}

{{/* Variables that other parts of the chart depend on, and the value that makes each. */}}
{{- define "heimdall-pr.wired" -}}
PORT: heimdall.port
EXTERNAL_URL: heimdall.externalUrl
DATABASE_HOST: externalDatabase.host
DATABASE_PORT: externalDatabase.port
DATABASE_NAME: externalDatabase.name (or postgresql.database)
DATABASE_USERNAME: externalDatabase.username (or postgresql.username)
DATABASE_SSL: externalDatabase.tls.enabled
DATABASE_SSL_INSECURE: externalDatabase.tls.insecure
{{- end -}}
