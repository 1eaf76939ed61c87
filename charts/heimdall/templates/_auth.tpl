{{/* The logins: which settings each has, and what each needs. */}}

{{/* For each provider: its settings by the variable's name (a value of its block), the values that it can't be enabled without,
     and its keys in the Secret. */}}
{{- define "heimdall-pr.providers" -}}
github:
  settings:
    GITHUB_CLIENTID: clientId
    GITHUB_ENTERPRISE_INSTANCE_BASE_URL: baseUrl
    GITHUB_ENTERPRISE_INSTANCE_API_URL: apiUrl
  needs: [clientId]
  secrets: [GITHUB_CLIENTSECRET]
gitlab:
  settings:
    GITLAB_CLIENTID: clientId
    GITLAB_BASEURL: baseUrl
  needs: [clientId]
  secrets: [GITLAB_SECRET]
google:
  settings:
    GOOGLE_CLIENTID: clientId
  needs: [clientId]
  secrets: [GOOGLE_CLIENTSECRET]
okta:
  settings:
    OKTA_CLIENTID: clientId
    OKTA_DOMAIN: domain
    OKTA_ISSUER_URL: issuerUrl
    OKTA_AUTHORIZATION_URL: authorizationUrl
    OKTA_TOKEN_URL: tokenUrl
    OKTA_USER_INFO_URL: userInfoUrl
    OKTA_USE_HTTPS_PROXY: useHttpsProxy
  needs: [clientId, domain]
  secrets: [OKTA_CLIENTSECRET]
oidc:
  settings:
    OIDC_NAME: name
    OIDC_CLIENTID: clientId
    OIDC_ISSUER: issuer
    OIDC_AUTHORIZATION_URL: authorizationUrl
    OIDC_TOKEN_URL: tokenUrl
    OIDC_USER_INFO_URL: userInfoUrl
    OIDC_EXTERNAL_GROUPS: externalGroups
    OIDC_USES_PKCE_S256: pkceS256
    OIDC_USES_PKCE_PLAIN: pkcePlain
    OIDC_USES_VERIFIED_EMAIL: verifiedEmail
    OIDC_USE_HTTPS_PROXY: useHttpsProxy
  needs: [name, clientId, issuer, authorizationUrl, tokenUrl, userInfoUrl]
  secrets: [OIDC_CLIENT_SECRET]
ldap:
  settings:
    LDAP_HOST: host
    LDAP_PORT: port
    LDAP_SEARCHBASE: searchBase
    LDAP_SEARCHFILTER: searchFilter
    LDAP_NAMEFIELD: nameField
    LDAP_MAILFIELD: mailField
    LDAP_SSL: ssl
    LDAP_SSL_INSECURE: sslInsecure
  needs: [host, searchBase]
  secrets: [LDAP_BINDDN, LDAP_PASSWORD]
{{- end -}}

{{/* (FACTS): sets providers, the enabled ones: {NAME: {settings, needs, secrets}}. */}}
{{- define "heimdall-pr.enabledProviders" -}}
{{- $providers := include "heimdall-pr.providers" .root | fromYaml -}}
{{- range $name, $_ := $providers -}}
{{- if not (dig $name "enabled" false $.root.Values.heimdall.auth) -}}
{{- $_ := unset $providers $name -}}
{{- end -}}
{{- end -}}
{{- $_ := set . "providers" $providers -}}
{{- end -}}

{{/* (FACTS): the settings of the enabled ones: the application offers each that has a client id. */}}
{{- define "heimdall-pr.authSettings" -}}
{{- $auth := .root.Values.heimdall.auth -}}
LDAP_ENABLED: {{ $auth.ldap.enabled }}
{{- range $name, $provider := .providers }}
{{- range $variable, $value := $provider.settings }}
{{ $variable }}: {{ dig $name $value "" $auth | toJson }}
{{- end }}
{{- end }}
{{- end -}}
