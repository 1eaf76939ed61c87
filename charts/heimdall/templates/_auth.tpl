{{/* The logins: which settings each has, and what each needs. */}}

{{/* For each provider: its settings by the variable's name (a value of its block), the values that it can't be enabled without, and
     further ones that have no use without it. `variables`: the settings that the application can't do without, if they come by
     heimdall.config or extraEnv; each of `instead` is not needed if all of those are given. `secrets`: its keys in the Secret, and
     what each is. The first of `variables` switches the login on. */}}
{{- define "heimdall-pr.providers" -}}
github:
  settings:
    GITHUB_CLIENTID: clientId
    GITHUB_ENTERPRISE_INSTANCE_BASE_URL: baseUrl
    GITHUB_ENTERPRISE_INSTANCE_API_URL: apiUrl
  needs: [clientId]
  variables: [GITHUB_CLIENTID]
  secrets: {GITHUB_CLIENTSECRET: the client secret that GitHub gave}
gitlab:
  settings:
    GITLAB_CLIENTID: clientId
    GITLAB_BASEURL: baseUrl
  needs: [clientId]
  variables: [GITLAB_CLIENTID]
  secrets: {GITLAB_SECRET: the secret that GitLab gave}
google:
  settings:
    GOOGLE_CLIENTID: clientId
  needs: [clientId]
  variables: [GOOGLE_CLIENTID]
  secrets: {GOOGLE_CLIENTSECRET: the client secret that Google gave}
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
  further: [issuerUrl, authorizationUrl, tokenUrl, userInfoUrl]
  variables: [OKTA_CLIENTID, OKTA_DOMAIN]
  instead: {OKTA_DOMAIN: [OKTA_ISSUER_URL, OKTA_AUTHORIZATION_URL, OKTA_TOKEN_URL, OKTA_USER_INFO_URL]}
  secrets: {OKTA_CLIENTSECRET: the client secret that Okta gave}
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
  variables: [OIDC_CLIENTID, OIDC_ISSUER, OIDC_AUTHORIZATION_URL, OIDC_TOKEN_URL, OIDC_USER_INFO_URL]
  secrets: {OIDC_CLIENT_SECRET: the client secret that the provider gave}
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
  variables: [LDAP_ENABLED, LDAP_HOST, LDAP_SEARCHBASE]
  secrets:
    LDAP_BINDDN: the name of the user that Heimdall searches with
    LDAP_PASSWORD: the password of the user that Heimdall searches with
{{- end -}}

{{/* (FACTS): sets everyProvider, the table above; not again if that was done before. */}}
{{- define "heimdall-pr.everyProvider" -}}
{{- if not (hasKey . "everyProvider") -}}
{{- $_ := set . "everyProvider" (include "heimdall-pr.providers" .root | fromYaml) -}}
{{- end -}}
{{- end -}}

{{/* (FACTS): sets providers, the enabled ones: {NAME: {settings, needs, secrets}}. */}}
{{- define "heimdall-pr.enabledProviders" -}}
{{- $_ := include "heimdall-pr.everyProvider" . -}}
{{- $providers := dict -}}
{{- range $name, $provider := .everyProvider -}}
{{- if eq (dig $name "enabled" "" $.root.Values.heimdall.auth | toString) "true" -}}
{{- $_ := set $providers $name $provider -}}
{{- end -}}
{{- end -}}
{{- $_ := set . "providers" $providers -}}
{{- end -}}

{{/* (FACTS): the settings of the enabled ones: the application offers each that has a client id. */}}
{{- define "heimdall-pr.authSettings" -}}
{{- $auth := .root.Values.heimdall.auth -}}
LDAP_ENABLED: {{ eq (toString $auth.ldap.enabled) "true" }}
{{- range $name, $provider := .providers }}
{{- range $variable, $value := $provider.settings }}
{{ $variable }}: {{ dig $name $value "" $auth | toJson }}
{{- end }}
{{- end }}
{{- end -}}
