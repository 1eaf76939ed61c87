{{/* Whether DATABASE_PASSWORD is the one that the embedded database was made with. */}}

{{- define "heimdall-pr.check.password" -}}
{{- with include "heimdall-pr.password" . -}}
{{- if has . (list "left" "changed") -}}
{{- include "secrets-contract.v1.refuse" (list $ (include (printf "heimdall-pr.text.%s" .) $)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (FACTS): how DATABASE_PASSWORD fits the data of the embedded database: left (by a release that is gone, and its Secret with
     it), changed, unseen, or nothing if it fits or there is no data yet. */}}
{{- define "heimdall-pr.password" -}}
{{- if and .embedded (not .root.Values.postgresql.trustPassword) -}}
{{- $namespace := .root.Release.Namespace -}}
{{- $before := include "heimdall-pr.password.before" . -}}
{{- $now := include "heimdall-pr.password.now" . -}}
{{- $_ := include "heimdall-pr.facts.living" . -}}
{{- if .living -}}
{{- if and $before $now -}}{{- ternary "" "changed" (eq $before $now) -}}{{- else -}}unseen{{- end -}}
{{- else if .root.Values.postgresql.persistence.enabled -}}
{{- $volume := lookup "v1" "PersistentVolumeClaim" $namespace (include "heimdall-pr.claim" .root) -}}
{{- if $volume -}}
{{- include "heimdall-pr.password.left" (dict "facts" . "volume" $volume "before" $before "now" $now) -}}
{{- else if not (lookup "v1" "ServiceAccount" $namespace "default") -}}unseen
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* {facts, volume, before, now}: a volume without a server. A claim that was never bound is empty, one of the user's own may be. A
     Secret that is not ours and older than the volume made it; ours is gone with its release, unless it was kept. */}}
{{- define "heimdall-pr.password.left" -}}
{{- $root := .facts.root -}}
{{- $name := .facts.from.DATABASE_PASSWORD.secret -}}
{{- $secret := include "secrets-contract.v1.liveSecret" (list .facts $name) | default "{}" | fromJson -}}
{{- if eq (dig "status" "phase" "" .volume) "Pending" -}}
{{- else if $root.Values.postgresql.persistence.existingClaim -}}unseen
{{- else if and .before .now -}}{{- ternary "" "changed" (eq .before .now) -}}
{{- else if ne $name .facts.ownSecret -}}
{{- if not $secret -}}unseen
{{- else if gt $secret.metadata.creationTimestamp .volume.metadata.creationTimestamp -}}left
{{- end -}}
{{- else if not $root.Values.heimdall.verifyExisting -}}unseen
{{- else -}}{{- ternary "unseen" "left" (not (empty .before)) -}}
{{- end -}}
{{- end -}}

{{/* (FACTS): the password as base64 that the release before this one used: its contract says where it is. Never rendered. Without a
     contract only a Secret of our name can tell, and only a release that uses that one asks: the right to read another may be missing. */}}
{{- define "heimdall-pr.password.before" -}}
{{- $_ := include "heimdall-pr.facts.before" . -}}
{{- $own := ternary .ownSecret "" (eq .from.DATABASE_PASSWORD.secret .ownSecret) -}}
{{- $source := dict "secret" (get .before "secret" | default $own) "key" "DATABASE_PASSWORD" -}}
{{- range get .before "sources" | splitList "," -}}
{{- if hasPrefix "DATABASE_PASSWORD=" . -}}
{{- $parts := trimPrefix "DATABASE_PASSWORD=" . | splitList "/" -}}
{{- $source = dict "secret" (first $parts) "key" (last $parts) -}}
{{- end -}}
{{- end -}}
{{- if $source.secret -}}
{{- include "secrets-contract.v1.liveValue" (list . $source.secret $source.key) -}}
{{- end -}}
{{- end -}}

{{/* (FACTS): the password as base64 that this release uses, if the chart can know it. Never rendered. */}}
{{- define "heimdall-pr.password.now" -}}
{{- $source := .from.DATABASE_PASSWORD -}}
{{- if ne $source.secret .ownSecret -}}
{{- include "secrets-contract.v1.liveValue" (list . $source.secret $source.key) -}}
{{- else if eq .approach "inline" -}}
{{- $value := get .data "DATABASE_PASSWORD" -}}
{{- if not (hasPrefix "$" $value) -}}{{- $value -}}{{- end -}}
{{- end -}}
{{- end -}}

{{/* (FACTS) */}}
{{- define "heimdall-pr.text.left" }}
{{- $claim := include "heimdall-pr.claim" .root }}
{{- $namespace := .root.Release.Namespace }}
The volume {{ $claim }} in the namespace {{ $namespace }} has a database already, of an earlier release or of an
install that was rolled back. PostgreSQL takes its password when it makes its volume, and no other one later; which one that was
is no longer known.
  If DATABASE_PASSWORD is still the same (you try the same install again), add to the command:
    --set {{ .prefix }}postgresql.trustPassword=true
  {{- if .root.Release.IsInstall }}
  If the data can be deleted:
    kubectl delete pvc {{ $claim }} --namespace {{ $namespace }}
  {{- end }}
  If the data must stay and the password is lost: install as in the first case but without --wait, and then give the
  database the new one, which this asks for:
{{ include "heimdall-pr.text.alter" .root }}
{{ end -}}

{{/* (ROOT): the command that changes the password in the database. */}}
{{- define "heimdall-pr.text.alter" -}}
{{- printf "    kubectl exec --stdin --tty statefulset/%s --namespace %s -- psql --username %s %s --command '\\password'"
  (include "heimdall-pr.postgresql" .) .Release.Namespace .Values.postgresql.username .Values.postgresql.database -}}
{{- end -}}

{{/* (FACTS) */}}
{{- define "heimdall-pr.text.changed" }}
{{- $database := printf "%s in the namespace %s" (include "heimdall-pr.postgresql" .root) .root.Release.Namespace }}
DATABASE_PASSWORD is not the one that the database of {{ $database }} was made with: PostgreSQL
takes a password when it makes its volume, and Heimdall could not log in with the new one.
  To keep the old one: leave DATABASE_PASSWORD as it was.
  To change it: first in the database, which asks for the new one, then here.
{{ include "heimdall-pr.text.alter" .root }}
    --set {{ .prefix }}postgresql.trustPassword=true
{{ end -}}
