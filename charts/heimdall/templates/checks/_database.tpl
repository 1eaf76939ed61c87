{{/* One database, and the password that it was made with. */}}

{{- define "heimdall-pr.check.database" -}}
{{- $found := list -}}
{{- $prefix := include "heimdall-pr.prefix" . -}}
{{- if and (eq (toString .Values.postgresql.enabled) "true") .Values.externalDatabase.host -}}
{{- $found = append $found (printf "%spostgresql.enabled is true and %sexternalDatabase.host is set: there can be one database. Leave one of them out." $prefix $prefix) -}}
{{- end -}}
{{- if not (or (include "heimdall-pr.embedded" .) .Values.externalDatabase.host) -}}
{{- $found = append $found (printf "%spostgresql.enabled is false and %sexternalDatabase.host is empty: there is no database. Write its host there (also where DATABASE_URL is in the Secret), or leave %spostgresql.enabled out." $prefix $prefix $prefix) -}}
{{- end -}}
{{- $tls := .Values.externalDatabase.tls -}}
{{- $asked := or $tls.insecure $tls.ca.configMap $tls.ca.secret -}}
{{- if and (include "heimdall-pr.embedded" .) (or $tls.enabled $asked) -}}
{{- $found = append $found (printf "%sexternalDatabase.tls is for an external database; name its host in %sexternalDatabase.host." $prefix $prefix) -}}
{{- else if and $asked (not $tls.enabled) -}}
{{- $found = append $found (printf "%sexternalDatabase.tls has settings and is not enabled, so the password would go in clear: write %sexternalDatabase.tls.enabled: true, or leave them out." $prefix $prefix) -}}
{{- end -}}
{{- if not (regexMatch `\A([-._a-zA-Z0-9]*|[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F:.]*|/[^@]*)\z` (.Values.externalDatabase.host | default "")) -}}
{{- $found = append $found (printf "%sexternalDatabase.host is no host alone: write its name or address, and the rest into port, name and username (a whole address is DATABASE_URL in the Secret)." $prefix) -}}
{{- end -}}
{{- with include "heimdall-pr.password" . -}}
{{- if has . (list "left" "changed") -}}
{{- $found = append $found (include (printf "heimdall-pr.text.%s" .) $ | trim) -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{/* How DATABASE_PASSWORD fits to the data of the embedded database: left (by a release that is gone, and its Secret with
     it), changed, unseen, or nothing, where it fits or there is no data yet. */}}
{{- define "heimdall-pr.password" -}}
{{- if and (include "heimdall-pr.embedded" .) (not .Values.postgresql.trustPassword) -}}
{{- $namespace := .Release.Namespace -}}
{{- $before := include "heimdall-pr.password.before" . -}}
{{- $now := include "heimdall-pr.password.now" . -}}
{{- if lookup "apps/v1" "StatefulSet" $namespace (include "heimdall-pr.postgresql" .) -}}
{{- if and $before $now -}}{{- ternary "" "changed" (eq $before $now) -}}{{- else -}}unseen{{- end -}}
{{- else if .Values.postgresql.persistence.enabled -}}
{{- $volume := lookup "v1" "PersistentVolumeClaim" $namespace (include "heimdall-pr.claim" .) -}}
{{- if $volume -}}
{{- include "heimdall-pr.password.left" (dict "root" . "volume" $volume "before" $before "now" $now) -}}
{{- else if not (lookup "v1" "ServiceAccount" $namespace "default") -}}unseen
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* A volume without a server. A claim that was never bound is empty, one of the user's own may be. A Secret that is not ours and
     older than the volume made it; ours has gone with its release, save where it was kept. */}}
{{- define "heimdall-pr.password.left" -}}
{{- $source := include "heimdall-pr.source" (list .root "DATABASE_PASSWORD") | fromJson -}}
{{- $secret := dict -}}
{{- if .root.Values.heimdall.verifyExisting -}}
{{- $secret = lookup "v1" "Secret" .root.Release.Namespace $source.secret -}}
{{- end -}}
{{- if eq (dig "status" "phase" "" .volume) "Pending" -}}
{{- else if .root.Values.postgresql.persistence.existingClaim -}}unseen
{{- else if ne $source.secret (include "heimdall-pr.ownSecret" .root) -}}
{{- if not $secret -}}unseen
{{- else if gt $secret.metadata.creationTimestamp .volume.metadata.creationTimestamp -}}left
{{- end -}}
{{- else if not .before -}}left
{{- else if not .now -}}unseen
{{- else if ne .before .now -}}changed
{{- end -}}
{{- end -}}

{{/* The password as base64 that the release before this one used: its contract says where it is. Never rendered. */}}
{{- define "heimdall-pr.password.before" -}}
{{- $source := dict "secret" (include "heimdall-pr.ownSecret" .) "key" "DATABASE_PASSWORD" -}}
{{- with lookup "v1" "ConfigMap" .Release.Namespace (printf "%s-secrets-contract" (include "heimdall-pr.fullname" .)) -}}
{{- $_ := set $source "secret" (get (.data | default dict) "secret") -}}
{{- range get (.data | default dict) "sources" | splitList "," -}}
{{- if hasPrefix "DATABASE_PASSWORD=" . -}}
{{- $parts := trimPrefix "DATABASE_PASSWORD=" . | splitList "/" -}}
{{- $source = dict "secret" (first $parts) "key" (last $parts) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if or .Values.heimdall.verifyExisting (eq $source.secret (include "heimdall-pr.ownSecret" .)) -}}
{{- include "heimdall-pr.liveValue" (list . $source.secret $source.key) -}}
{{- end -}}
{{- end -}}

{{/* The password as base64 that this release uses, where the chart can know it. Never rendered. */}}
{{- define "heimdall-pr.password.now" -}}
{{- $source := include "heimdall-pr.source" (list . "DATABASE_PASSWORD") | fromJson -}}
{{- if ne $source.secret (include "heimdall-pr.ownSecret" .) -}}
{{- if .Values.heimdall.verifyExisting -}}
{{- include "heimdall-pr.liveValue" (list . $source.secret $source.key) -}}
{{- end -}}
{{- else if eq (include "heimdall-pr.approach" .) "inline" -}}
{{- $value := get (include "heimdall-pr.data" . | fromJson) "DATABASE_PASSWORD" -}}
{{- if not (hasPrefix "$" $value) -}}{{- $value -}}{{- end -}}
{{- end -}}
{{- end -}}

{{- define "heimdall-pr.text.left" }}
The volume {{ include "heimdall-pr.claim" . }} in the namespace {{ .Release.Namespace }} has a database already, of an earlier release or of an
install that was rolled back. PostgreSQL takes its password when it makes its volume, and no other one later; which one that was
can't be seen any more.
  Where DATABASE_PASSWORD is still the same (you try the same install again), add to the command:
    --set {{ include "heimdall-pr.prefix" . }}postgresql.trustPassword=true
  Where the data can go:
    kubectl delete pvc {{ include "heimdall-pr.claim" . }} --namespace {{ .Release.Namespace }}
  Where the data must stay and the password is lost: install as in the first case but without --wait, and then give the
  database the new one, which this asks for:
{{ include "heimdall-pr.text.alter" . }}
{{ end -}}

{{/* The command that changes the password in the database. */}}
{{- define "heimdall-pr.text.alter" -}}
{{- printf "    kubectl exec --stdin --tty statefulset/%s --namespace %s -- psql --username %s %s --command '\\password'" (include "heimdall-pr.postgresql" .) .Release.Namespace .Values.postgresql.username .Values.postgresql.database -}}
{{- end -}}

{{- define "heimdall-pr.text.changed" }}
DATABASE_PASSWORD is another one than the database of {{ include "heimdall-pr.postgresql" . }} in the namespace {{ .Release.Namespace }} was made with: PostgreSQL
takes a password when it makes its volume, and Heimdall could not log in with the new one.
  To keep the old one: leave DATABASE_PASSWORD as it was.
  To change it: first in the database, which asks for the new one, then here.
{{ include "heimdall-pr.text.alter" . }}
    --set {{ include "heimdall-pr.prefix" . }}postgresql.trustPassword=true
{{ end -}}
