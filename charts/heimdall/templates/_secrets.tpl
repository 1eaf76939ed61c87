{{/* Which secrets there are, where they come from, and what of them is rendered. */}}

{{/* expected: what a value is, and the command that makes one; word: the same as a word of a shell command. The password of a
     database that is there already is made by nobody here: the word stops the shell where it is not given. */}}
{{- define "heimdall-pr.required" -}}
- {key: JWT_SECRET, length: 128, expected: '128 characters, openssl rand -hex 64', word: '$(openssl rand -hex 64)'}
- {key: API_KEY_SECRET, length: 66, expected: '66 characters, openssl rand -hex 33', word: '$(openssl rand -hex 33)'}
{{- if include "heimdall-pr.embedded" . }}
- {key: DATABASE_PASSWORD, length: 66, expected: '66 characters, openssl rand -hex 33', word: '$(openssl rand -hex 33)'}
{{- else }}
- key: DATABASE_PASSWORD
  length: 66
  expected: the password that {{ include "heimdall-pr.prefix" . }}externalDatabase.username has in that database
  word: '${DATABASE_PASSWORD:?is the one that the database knows}'
{{- end }}
- {key: ADMIN_PASSWORD, length: 22, expected: '22 characters, echo "Admin_$(openssl rand -hex 8)"', word: 'Admin_$(openssl rand -hex 8)'}
{{- end -}}

{{/* The secrets that the application reads where they are there, and the user's own list. */}}
{{- define "heimdall-pr.optional" -}}
{{- $known := list
  "DATABASE_URL" "DATABASE_SSL_KEY" "DATABASE_SSL_CERT" "DATABASE_SSL_CA" "LDAP_BINDDN" "LDAP_PASSWORD" "LDAP_SSL_CA"
  "GITHUB_CLIENTSECRET" "GOOGLE_CLIENTSECRET" "OKTA_CLIENTSECRET" "OIDC_CLIENT_SECRET" "GITLAB_SECRET" "GITLAB_CLIENTSECRET" -}}
{{- $required := list -}}
{{- range include "heimdall-pr.required" . | fromYamlArray -}}
{{- $required = append $required .key -}}
{{- end -}}
{{- range .Values.heimdall.extraSecretKeys -}}
{{- if not (has . $required) -}}
{{- $known = append $known . -}}
{{- end -}}
{{- end -}}
{{- uniq $known | toJson -}}
{{- end -}}

{{/* All of them, as a JSON list: what must never stand in clear. */}}
{{- define "heimdall-pr.known" -}}
{{- $known := list -}}
{{- range include "heimdall-pr.required" . | fromYamlArray -}}
{{- $known = append $known .key -}}
{{- end -}}
{{- concat $known (include "heimdall-pr.optional" . | fromJsonArray) | toJson -}}
{{- end -}}

{{/* The first that is set wins whole. Where none is, the check refuses; `helm lint` goes on, with no file. */}}
{{- define "heimdall-pr.approach" -}}
{{- with .Values.heimdall -}}
{{- if .existingSecret -}}existing{{- else if .secrets -}}inline{{- else -}}files{{- end -}}
{{- end -}}
{{- end -}}

{{/* The values that were set and lost, comma-separated. */}}
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

{{/* What stands in the Secret, as JSON: a base64 text for each inline value; what only the post-renderer can fill is no base64,
     so that no API server takes it. Values that are no strings were refused; here they only must not be printed by an error. */}}
{{- define "heimdall-pr.data" -}}
{{- $approach := include "heimdall-pr.approach" . -}}
{{- $data := dict -}}
{{- if eq $approach "files" -}}
{{- range include "heimdall-pr.expected" . | fromYamlArray -}}
{{- $_ := set $data .key "<install with --post-renderer heimdall-pr>" -}}
{{- end -}}
{{- else if and (eq $approach "inline") (kindIs "map" .Values.heimdall.secrets) -}}
{{- range $key, $value := .Values.heimdall.secrets -}}
{{- if kindIs "string" $value -}}
{{- $_ := set $data $key (include "heimdall-pr.fromEnvironment" $value | default (b64enc $value)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $data -}}
{{- end -}}

{{/* The value itself where it is exactly ${NAME}, else nothing. */}}
{{- define "heimdall-pr.fromEnvironment" -}}
{{- if regexMatch `\A\$\{[A-Za-z_][A-Za-z0-9_]*\}\z` . -}}{{- . -}}{{- end -}}
{{- end -}}

{{/* "true" where something in the Secret waits for the post-renderer. */}}
{{- define "heimdall-pr.waits" -}}
{{- range include "heimdall-pr.data" . | fromJson -}}
{{- if regexMatch `\A[<$]` . -}}true{{- end -}}
{{- end -}}
{{- end -}}

{{/* One digest over all of the Secret's values, and only beside a long one: a digest of short ones alone could be guessed. */}}
{{- define "heimdall-pr.checksum" -}}
{{- if and (eq (include "heimdall-pr.approach" .) "inline") (not (include "heimdall-pr.waits" .)) -}}
{{- $lines := "" -}}
{{- $long := false -}}
{{- range $key, $value := include "heimdall-pr.data" . | fromJson -}}
{{- $lines = printf "%s%s=%s\n" $lines $key $value -}}
{{- $long = or $long (regexMatch `(?s)\A.{64,}\z` (b64dec $value)) -}}
{{- end -}}
{{- if $long -}}{{- sha256sum $lines -}}{{- end -}}
{{- end -}}
{{- end -}}
