{{/* Names below those that this chart has too, and names of many charts. In a path `*` is any name, and `[]` any entry. */}}

{{/* Of the charts before this one: it goes on in `values`. */}}
{{- define "heimdall-pr.olderShapes" -}}
values:
  networkPolicy.ingress: networkPolicy.from
  networkPolicy.egress.extraRules: networkPolicy.egress, as a list
  networkPolicy.egress.enabled: networkPolicy.egress, as a list
  podDisruptionBudget.minAvailable: podDisruptionBudget.maxUnavailable
  probes.*.httpGet: "nothing: each probe gets /server"
  probes.*.enabled: "nothing: there are always three probes"
  probes.*.initialDelaySeconds: "nothing: the other two probes wait for the startup probe"
  ingress.apiVersion: "nothing: it is networking.k8s.io/v1"
  ingress.kind: "nothing: it is an Ingress"
  ingress.hosts[].host: ingress.hosts, a list of hosts alone ([heimdall.example.com])
  ingress.hosts[].paths: "nothing: the path is always /"
  ingress.tls[].name: "nothing: secretName names the certificate"
{{- end -}}

{{/* What many charts call it. */}}
{{- define "heimdall-pr.commonValues" -}}
common:
  autoscaling: "nothing: there is always one replica"
  startupProbe: probes.startup
  livenessProbe: probes.liveness
  readinessProbe: probes.readiness
  env: extraEnv, or heimdall.config
  envFrom: "nothing: a setting goes into heimdall.config, a secret into the Secret of heimdall.existingSecret"
  volumes: extraVolumes
  volumeMounts: extraVolumeMounts
  extraContainers: sidecars
  extraInitContainers: initContainers
  persistence: postgresql.persistence
  gateway: httpRoute
  serviceAccount.automount: "nothing: the token is never mounted"
  serviceAccount.automountServiceAccountToken: "nothing: the token is never mounted"
  ingress.ingressClassName: ingress.className
  ingress.hostname: ingress.hosts, a list
  ingress.host: ingress.hosts, a list
  ingress.path: "nothing: it is always /"
  ingress.pathType: "nothing: it is always Prefix"
  externalDatabase.user: externalDatabase.username
  externalDatabase.password: heimdall.secrets.DATABASE_PASSWORD, or that key of the Secret in heimdall.existingSecret or of a secrets file
  postgresql.password: heimdall.secrets.DATABASE_PASSWORD, or that key of the Secret in heimdall.existingSecret or of a secrets file
{{- end -}}
