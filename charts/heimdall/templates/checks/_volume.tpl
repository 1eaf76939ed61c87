{{/* No upgrade starts with an empty database while the release has one, deletes its volume, or changes what Kubernetes and PostgreSQL
     never change of it. Looked up; without a cluster it is not checked. */}}

{{- define "heimdall-pr.check.volume" -}}
{{- $_ := include "heimdall-pr.facts.living" . -}}
{{- if and .embedded .living -}}
{{- include "heimdall-pr.check.sameServer" . -}}
{{- else if .made -}}
{{- include "heimdall-pr.check.otherServer" . -}}
{{- else if .embedded -}}
{{- include "heimdall-pr.check.leftVolume" . -}}
{{- end -}}
{{- end -}}

{{/* (FACTS): the release has a database that this revision does not render. */}}
{{- define "heimdall-pr.check.otherServer" -}}
{{- $server := .living | default .other -}}
{{- $text := dict "facts" . "name" $server.metadata.name "made" .made -}}
{{- $moves := eq .made.claim (include "heimdall-pr.claim" .root) -}}
{{- $stopped := eq (dig "spec" "replicas" 1 $server | int) 0 -}}
{{- if .made.deletes -}}
{{- include "secrets-contract.v1.refuse" (list . (include "heimdall-pr.text.deletes" $text)) -}}
{{- else if and .embedded .made.claim (not (and $moves $stopped)) (not .root.Values.postgresql.trustName) -}}
{{- include "secrets-contract.v1.refuse" (list . (include "heimdall-pr.text.renamed" $text)) -}}
{{- end -}}
{{- end -}}

{{/* (FACTS): no server runs; a volume of the release has a database that was called otherwise. */}}
{{- define "heimdall-pr.check.leftVolume" -}}
{{- $claim := include "heimdall-pr.claim" .root -}}
{{- $trusts := .root.Values.postgresql.trustPassword -}}
{{- if and (eq (get .recorded "claim") $claim) (not $trusts) (include "heimdall-pr.boundClaim" (list . $claim)) -}}
{{- include "heimdall-pr.check.sameNames" (list . .recorded) -}}
{{- else if not (or $trusts .root.Values.postgresql.trustName) -}}
{{- $claims := list (get .recorded "claim") -}}
{{- range .formerNames -}}{{- $claims = append $claims (printf "data-%s-0" .) -}}{{- end -}}
{{- $left := "" -}}
{{- range without (uniq $claims) "" $claim -}}
{{- if and (not $left) (include "heimdall-pr.hasVolume" (list $ .)) -}}{{- $left = . -}}{{- end -}}
{{- end -}}
{{- if $left -}}
{{- include "secrets-contract.v1.refuse" (list . (include "heimdall-pr.text.otherVolume" (dict "facts" . "claim" $left))) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (FACTS): the server that this revision renders is the one that runs. */}}
{{- define "heimdall-pr.check.sameServer" -}}
{{- $name := include "heimdall-pr.name" .root -}}
{{- $was := get .living.spec.selector.matchLabels "app.kubernetes.io/name" -}}
{{- if ne $name $was -}}
{{- include "secrets-contract.v1.refuse" (list . (printf
  (cat "The pods of the StatefulSet %s are called %s by their label app.kubernetes.io/name, which Kubernetes never changes, and would"
    "now be %s: leave %snameOverride as it was.")
  .living.metadata.name $was $name .prefix)) -}}
{{- end -}}
{{- include "heimdall-pr.check.sameClaim" . -}}
{{- if not .root.Values.postgresql.trustPassword -}}
{{- include "heimdall-pr.check.sameNames" (list . .made) -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS MADE): the user and the database are those that the volume was made with. */}}
{{- define "heimdall-pr.check.sameNames" -}}
{{- $facts := first . -}}
{{- $made := last . -}}
{{- range list "database" "username" -}}
{{- $now := get $facts.root.Values.postgresql . -}}
{{- $then := get $made . -}}
{{- if and $made.claim $then (ne $now $then) -}}
{{- include "secrets-contract.v1.refuse" (list $facts (printf
  (cat "%spostgresql.%s is %s, and the volume %s was made with %s: PostgreSQL takes it when it makes its volume and never later. Write %s"
    "again; or, if you renamed it in the database: --set %spostgresql.trustPassword=true, for one upgrade.")
  $facts.prefix . $now $made.claim $then $then $facts.prefix)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (FACTS): the claim template is the one that the StatefulSet has. */}}
{{- define "heimdall-pr.check.sameClaim" -}}
{{- $facts := . -}}
{{- $made := .made -}}
{{- $place := printf "%spostgresql.persistence" $facts.prefix -}}
{{- $values := $facts.root.Values.postgresql.persistence -}}
{{- $templated := and $values.enabled (not $values.existingClaim) -}}
{{- $changes := dict -}}
{{- if ne (not (empty $made.template)) $templated -}}
{{- $has := ternary (printf "a volume of its own, %s" $made.claim) "none of its own" (not (empty $made.template)) -}}
{{- $_ := set $changes "enabled and existingClaim" (printf "has %s" $has) -}}
{{- else if $templated -}}
{{- $spec := $made.template.spec -}}
{{- if ne (get $spec "storageClassName" | default "" | toString) ($values.storageClass | default "") -}}
{{- $_ := set $changes "storageClass" (printf "was made with %s" (get $spec "storageClassName" | default "no storageClass")) -}}
{{- end -}}
{{- if ne (toJson $spec.accessModes) (toJson $values.accessModes) -}}
{{- $_ := set $changes "accessModes" (printf "was made with %s" (join ", " $spec.accessModes)) -}}
{{- end -}}
{{- $size := $spec.resources.requests.storage -}}
{{- if ne (include "heimdall-pr.bytes" $size) (include "heimdall-pr.bytes" $values.size) -}}
{{- $_ := set $changes "size" (printf "was made with %s" $size) -}}
{{- end -}}
{{- end -}}
{{- range $value, $was := $changes -}}
{{- include "secrets-contract.v1.refuse" (list $facts (include "heimdall-pr.text.claim"
  (dict "facts" $facts "made" $made "name" $facts.living.metadata.name "value" (printf "%s.%s" $place $value) "was" $was))) -}}
{{- end -}}
{{- end -}}
