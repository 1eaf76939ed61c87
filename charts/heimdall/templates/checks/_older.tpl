{{/* What the charts before this one called it (mitre/heimdall2-helm, mitre/heimdall-helm): the path, and what to write now. secrets: values
     at the root that were secrets, by the key that each has in the Secret now, but for those of the policy; values: all others. */}}
{{- define "heimdall-pr.olderValues" -}}
secrets:
  databaseSslKey: DATABASE_SSL_KEY
  databaseSslCert: DATABASE_SSL_CERT
  databaseSslCa: DATABASE_SSL_CA
  ldapBindDn: LDAP_BINDDN
  ldapPassword: LDAP_PASSWORD
  ldapSslCa: LDAP_SSL_CA
  googleClientSecret: GOOGLE_CLIENTSECRET
  githubClientSecret: GITHUB_CLIENTSECRET
  gitlabClientSecret: GITLAB_SECRET
  oktaClientSecret: OKTA_CLIENTSECRET
  oidcClientSecret: OIDC_CLIENT_SECRET
values:
  classificationBannerText: heimdall.classificationBanner.text
  classificationBannerTextColor: heimdall.classificationBanner.textColor
  classificationBannerColor: heimdall.classificationBanner.color
  nodeEnv: heimdall.nodeEnv
  adminEmail: heimdall.admin.email
  adminUsesExternalAuth: heimdall.admin.usesExternalAuth
  localLoginDisabled: heimdall.login.localDisabled
  registrationDisabled: heimdall.login.registrationDisabled
  oneSessionPerUser: heimdall.session.onePerUser
  jwtExpireTime: heimdall.session.expireTime
  maxFileUploadSize: heimdall.maxFileUploadSize
  databaseHost: externalDatabase.host
  databasePort: externalDatabase.port
  databaseName: externalDatabase.name (or postgresql.database)
  databaseUsername: externalDatabase.username (or postgresql.username)
  databaseSsl: externalDatabase.tls.enabled
  databaseSslInsecure: externalDatabase.tls.insecure
  externalUrl: heimdall.externalUrl
  splunkHostUrl: heimdall.integrations.splunkUrl
  tenableHostUrl: heimdall.integrations.tenableUrl
  forceTenableFrontend: heimdall.integrations.forceTenableFrontend
  httpsProxy: heimdall.httpsProxy
  ldapEnabled: heimdall.auth.ldap.enabled
  ldapHost: heimdall.auth.ldap.host
  ldapPort: heimdall.auth.ldap.port
  ldapSearchBase: heimdall.auth.ldap.searchBase
  ldapSearchFilter: heimdall.auth.ldap.searchFilter
  ldapNameField: heimdall.auth.ldap.nameField
  ldapMailField: heimdall.auth.ldap.mailField
  ldapSsl: heimdall.auth.ldap.ssl
  ldapSslInsecure: heimdall.auth.ldap.sslInsecure
  googleClientId: heimdall.auth.google.clientId
  githubClientId: heimdall.auth.github.clientId
  githubEnterpriseInstanceBaseUrl: heimdall.auth.github.baseUrl
  githubEnterpriseInstanceApiUrl: heimdall.auth.github.apiUrl
  gitlabClientId: heimdall.auth.gitlab.clientId
  gitlabBaseUrl: heimdall.auth.gitlab.baseUrl
  oktaDomain: heimdall.auth.okta.domain
  oktaClientId: heimdall.auth.okta.clientId
  oktaIssuer: heimdall.auth.okta.issuerUrl
  oktaAuthorizationUrl: heimdall.auth.okta.authorizationUrl
  oktaTokenUrl: heimdall.auth.okta.tokenUrl
  oktaUserInfoUrl: heimdall.auth.okta.userInfoUrl
  oktaUseHttpsProxy: heimdall.auth.okta.useHttpsProxy
  oidcName: heimdall.auth.oidc.name
  oidcIssuer: heimdall.auth.oidc.issuer
  oidcAuthorizationUrl: heimdall.auth.oidc.authorizationUrl
  oidcTokenUrl: heimdall.auth.oidc.tokenUrl
  oidcUserInfoUrl: heimdall.auth.oidc.userInfoUrl
  oidcUsesVerifiedEmail: heimdall.auth.oidc.verifiedEmail
  oidcClientId: heimdall.auth.oidc.clientId
  oidcExternalGroups: heimdall.auth.oidc.externalGroups
  oidcUsesPKCES256: heimdall.auth.oidc.pkceS256
  oidcUsesPKCEPlain: heimdall.auth.oidc.pkcePlain
  oidcUseHttpsProxy: heimdall.auth.oidc.useHttpsProxy
  replicas: "nothing: there is always one"
  sops: "nothing: heimdall.secretsFiles takes files that sops encrypted, or name a Secret in heimdall.existingSecret"
  certs: heimdall.extraCa (its certificates as heimdall.extraCa.certificates)
  extraCertificates: heimdall.extraCa (its certificates as heimdall.extraCa.certificates)
  heimdall.image: image
  heimdall.service: service
  heimdall.ingress: ingress
  heimdall.podAnnotations: podAnnotations
  heimdall.podSecurityContext: podSecurityContext
  heimdall.securityContext: securityContext
  heimdall.resources: resources
  heimdall.nodeSelector: nodeSelector
  heimdall.tolerations: tolerations
  heimdall.affinity: affinity
  heimdall.imagePullSecrets: imagePullSecrets
  heimdall.serviceAccount: serviceAccount
  heimdall.gateway: httpRoute
  heimdall.networkPolicy: networkPolicy
  heimdall.podDisruptionBudget: podDisruptionBudget
  heimdall.autoscaling: "nothing: there is always one replica"
  heimdall.replicaCount: "nothing: there is always one replica"
  heimdall.startupProbe: probes.startup
  heimdall.livenessProbe: probes.liveness
  heimdall.readinessProbe: probes.readiness
  heimdall.secret: "nothing: the Secret is named after the release"
  heimdall.configmap: "nothing: the ConfigMap is named after the release"
  postgresql.auth: >-
    postgresql.database, postgresql.username, and heimdall.secrets.DATABASE_PASSWORD (or that key of the Secret in
    heimdall.existingSecret)
  postgresql.primary: postgresql.persistence and postgresql.resources
  postgresql.service: "nothing: the port is 5432"
  postgresql.persistence.storageClassName: postgresql.persistence.storageClass
  postgresql.persistence.accessMode: postgresql.persistence.accessModes
  externalDatabase.database: externalDatabase.name
  externalDatabase.existingSecret: heimdall.keys.DATABASE_PASSWORD.secret
  externalDatabase.existingSecretPasswordKey: heimdall.keys.DATABASE_PASSWORD.key
{{- end -}}
