{{- define "shop.secrets" -}}
application: shop
values: shop
name: {{ .Release.Name }}-{{ .Chart.Name }}
labels: {app.kubernetes.io/name: shop, app.kubernetes.io/instance: {{ .Release.Name | quote }}}
keys:
  SESSION_KEY: {kind: token, length: {recommended: 64, min: 32}}
  DATABASE_PASSWORD: {length: {recommended: 32, min: 12}, forbidden: [shop-password]}
  mail.token: {kind: token, issuer: third-party, optional: true}
{{- end -}}
