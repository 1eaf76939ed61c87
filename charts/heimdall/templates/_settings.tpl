{{/* The application's settings that are not secret, by the variable's name. An empty one is left out: the application takes it
     for unset, or refuses to start. */}}

{{/* (FACTS) */}}
{{- define "heimdall-pr.settings" -}}
{{- with .root.Values.heimdall -}}
NODE_ENV: {{ .nodeEnv | toJson }}
PORT: {{ .port | toJson }}
MAX_FILE_UPLOAD_SIZE: {{ .maxFileUploadSize | toJson }}
UV_THREADPOOL_SIZE: {{ .threadPoolSize | toJson }}
HTTPS_PROXY: {{ .httpsProxy | toJson }}
WARNING_BANNER: {{ .warningBanner | toJson }}
JWT_EXPIRE_TIME: {{ .session.expireTime | toJson }}
ONE_SESSION_PER_USER: {{ .session.onePerUser | toJson }}
ADMIN_EMAIL: {{ .admin.email | toJson }}
ADMIN_USES_EXTERNAL_AUTH: {{ .admin.usesExternalAuth | toJson }}
LOCAL_LOGIN_DISABLED: {{ .login.localDisabled | toJson }}
REGISTRATION_DISABLED: {{ .login.registrationDisabled | toJson }}
FIPS_MODE: {{ .passwords.fipsMode | toJson }}
PASSWORD_HASH_ALGORITHM: {{ .passwords.hashAlgorithm | toJson }}
PASSWORD_HASH_ITERATIONS: {{ .passwords.hashIterations | toJson }}
PASSWORD_MAX_LENGTH: {{ .passwords.maxLength | toJson }}
PASSWORD_KDF_CONCURRENCY: {{ .passwords.kdfConcurrency | toJson }}
PASSWORD_HASH_WRITE_ENABLED: {{ .passwords.hashWriteEnabled | toJson }}
CLASSIFICATION_BANNER_TEXT: {{ .classificationBanner.text | toJson }}
CLASSIFICATION_BANNER_TEXT_COLOR: {{ .classificationBanner.textColor | toJson }}
CLASSIFICATION_BANNER_COLOR: {{ .classificationBanner.color | toJson }}
SPLUNK_HOST_URL: {{ .integrations.splunkUrl | toJson }}
TENABLE_HOST_URL: {{ .integrations.tenableUrl | toJson }}
FORCE_TENABLE_FRONTEND: {{ .integrations.forceTenableFrontend | toJson }}
{{- end }}
EXTERNAL_URL: {{ .externalUrl | toJson }}
{{- with .authorities.extraCa.file }}
NODE_EXTRA_CA_CERTS: {{ . | toJson }}
{{- end }}
YARN_CACHE_FOLDER: {{ include "heimdall-pr.cachePath" . | toJson }}
{{- end -}}

{{/* (FACTS): sets providers, and config: all settings with those of the database, the logins and the user's own, as texts. */}}
{{- define "heimdall-pr.config" -}}
{{- $_ := include "heimdall-pr.enabledProviders" . -}}
{{- $settings := list
  (include "heimdall-pr.settings" .) (include "heimdall-pr.databaseSettings" .root) (include "heimdall-pr.authSettings" .) -}}
{{- $config := join "\n" $settings | fromYaml -}}
{{- range $name, $value := .root.Values.heimdall.config -}}
{{- $_ := set $config $name $value -}}
{{- end -}}
{{- $strings := dict -}}
{{- range $name, $value := $config -}}
{{- $text := kindIs "string" $value | ternary $value (toJson $value) -}}
{{- if and (ne $text "") (ne $text "null") (not (has $name $.databaseFrom)) -}}
{{- $_ := set $strings $name $text -}}
{{- end -}}
{{- end -}}
{{- $_ := set . "config" $strings -}}
{{- end -}}
