{{/* There is one database, and its settings fit together. */}}

{{- define "heimdall-pr.check.database" -}}
{{- $prefix := .prefix -}}
{{- $host := .root.Values.externalDatabase.host | default "" -}}
{{- if and (eq (toString .root.Values.postgresql.enabled) "true") $host -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  "%spostgresql.enabled is true and %sexternalDatabase.host is set: there can be one database. Leave one of them out."
  $prefix $prefix)) -}}
{{- end -}}
{{- if not (or .embedded $host (has "DATABASE_HOST" .databaseFrom)) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  (cat "%spostgresql.enabled is false and %sexternalDatabase.host is empty: there is no database. Write its host there (also if"
    "DATABASE_URL is in the Secret), or leave %spostgresql.enabled out.")
  $prefix $prefix $prefix)) -}}
{{- end -}}
{{- if .embedded -}}
{{- range .databaseFrom -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  (cat "%s comes from a Secret, which is for an external database: name its host in %sexternalDatabase.host. The database that the chart"
    "installs takes %spostgresql.database and %spostgresql.username.")
  . $prefix $prefix $prefix)) -}}
{{- end -}}
{{- end -}}
{{- with .root.Values.externalDatabase.tls -}}
{{- $asked := or .insecure .ca.configMap .ca.secret -}}
{{- if and $.embedded (or .enabled $asked) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  "%sexternalDatabase.tls is for an external database; name its host in %sexternalDatabase.host." $prefix $prefix)) -}}
{{- else if and $asked (not .enabled) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  (cat "%sexternalDatabase.tls has settings and is not enabled, so the password would be sent in plaintext: write"
    "%sexternalDatabase.tls.enabled: true, or leave them out.")
  $prefix $prefix)) -}}
{{- end -}}
{{- end -}}
{{- if not (regexMatch `\A([-._a-zA-Z0-9]*|[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F:.]*|/[^@]*)\z` $host) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  (cat "%sexternalDatabase.host is not just a host: write its name or address, and the rest into port, name and username (a whole"
    "address is DATABASE_URL in the Secret).")
  $prefix)) -}}
{{- end -}}
{{- end -}}
