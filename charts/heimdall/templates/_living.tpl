{{/* What the cluster has of the release's database. Each object is asked for by its name: a right to `list` is never needed. Without a
     cluster all of it is empty. */}}

{{/* (ROOT): the name of the ConfigMap that records what the database is called. No override changes it, so that a renamed release finds
     what it had; it has the values path in it, so that a second Heimdall of an umbrella is never meant. No other object has a dot. */}}
{{- define "heimdall-pr.recordName" -}}
{{- $chart := include "secrets-contract.v1.subchart" . | default "heimdall" -}}
{{- printf "%s.%s.database" .Release.Name (include "secrets-contract.v1.label" (list $chart 63)) -}}
{{- end -}}

{{/* (FACTS): sets what follows, not again if that was done before. recorded: {statefulset, claim, database, username}, as the last revision
     with a database left it. formerNames: the names of a StatefulSet to look for besides the one of now: the recorded one, and the one
     without overrides. living: the StatefulSet of the release's database under its name of now; other: the one under a former name;
     made: what the one that there is was made with, {claim, template, database, username, deletes}. */}}
{{- define "heimdall-pr.facts.living" -}}
{{- if not (hasKey . "living") -}}
{{- $root := .root -}}
{{- $now := include "heimdall-pr.postgresql" $root -}}
{{- $plain := dict "Values" dict "Release" $root.Release "Chart" $root.Chart "Template" $root.Template -}}
{{- $record := lookup "v1" "ConfigMap" $root.Release.Namespace (include "heimdall-pr.recordName" $root) | default dict -}}
{{- $_ := set . "recorded" ($record.data | default dict) -}}
{{- $former := list (get .recorded "statefulset") (include "heimdall-pr.postgresql" $plain) | uniq -}}
{{- $_ := set . "formerNames" (without $former "" $now) -}}
{{- $_ := include "heimdall-pr.server" (list . "living" $now) -}}
{{- $_ := set . "other" dict -}}
{{- range .formerNames -}}
{{- if not (or $.living $.other) -}}{{- $_ := include "heimdall-pr.server" (list $ "other" .) -}}{{- end -}}
{{- end -}}
{{- $_ := set . "made" dict -}}
{{- with .living | default .other -}}{{- $_ := include "heimdall-pr.madeWith" (list $.made .) -}}{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS FACT NAME): sets the fact: the StatefulSet of that name, if it is a database of this release and of these values. */}}
{{- define "heimdall-pr.server" -}}
{{- $facts := first . -}}
{{- $found := lookup "apps/v1" "StatefulSet" $facts.root.Release.Namespace (last .) | default dict -}}
{{- $_ := set $facts (index . 1) (ternary $found dict (eq (include "heimdall-pr.isOurs" (list $facts $found)) "true")) -}}
{{- end -}}

{{/* (list FACTS OBJECT): "true" if its labels, and its annotation if it has one, are those of this release's database. */}}
{{- define "heimdall-pr.isOurs" -}}
{{- $facts := first . -}}
{{- $metadata := dig "metadata" dict (last .) -}}
{{- $labels := get $metadata "labels" | default dict -}}
{{- $path := dig "annotations" "heimdall.mitre.org/values-path" $facts.valuesPath $metadata -}}
{{- $instance := eq (get $labels "app.kubernetes.io/instance" | toString) $facts.root.Release.Name -}}
{{- if and $instance (eq (get $labels "app.kubernetes.io/component") "database") (eq $path $facts.valuesPath) -}}true{{- end -}}
{{- end -}}

{{/* (list MADE STATEFULSET): sets in MADE what it was made with; no template if it has no claim of its own. */}}
{{- define "heimdall-pr.madeWith" -}}
{{- $made := first . -}}
{{- with last . -}}
{{- $_ := merge $made (dict "claim" "" "template" dict) -}}
{{- range dig "spec" "volumeClaimTemplates" list . -}}
{{- $_ := set $made "template" . -}}
{{- end -}}
{{- if $made.template -}}{{- $_ := set $made "claim" (printf "data-%s-0" .metadata.name) -}}{{- end -}}
{{- range dig "spec" "template" "spec" "volumes" list . -}}
{{- with .persistentVolumeClaim -}}{{- $_ := set $made "claim" .claimName -}}{{- end -}}
{{- end -}}
{{- $variables := dict -}}
{{- range (first .spec.template.spec.containers).env -}}
{{- $_ := set $variables .name (.value | default "") -}}
{{- end -}}
{{- $_ := set $made "database" (get $variables "POSTGRES_DB") -}}
{{- $_ := set $made "username" (get $variables "POSTGRES_USER") -}}
{{- $policy := dig "spec" "persistentVolumeClaimRetentionPolicy" "whenDeleted" "Retain" . -}}
{{- $_ := set $made "deletes" (and (eq $policy "Delete") (not (empty $made.template))) -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS NAME): the claim of that name as JSON, if it has a volume. The record of a deleted one may be left. */}}
{{- define "heimdall-pr.boundClaim" -}}
{{- $found := lookup "v1" "PersistentVolumeClaim" (first .).root.Release.Namespace (last .) | default dict -}}
{{- if not (has (dig "status" "phase" "" $found) (list "" "Pending")) -}}{{- toJson $found -}}{{- end -}}
{{- end -}}

{{/* (list FACTS NAME): "true" if the claim of that name has a volume, and is of this release's database. */}}
{{- define "heimdall-pr.hasVolume" -}}
{{- with include "heimdall-pr.boundClaim" . -}}
{{- include "heimdall-pr.isOurs" (list (first $) (fromJson .)) -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS STATEFULSET USERNAME DATABASE): the command that writes the data into a file. */}}
{{- define "heimdall-pr.text.dump" -}}
{{- printf "    kubectl exec statefulset/%s --namespace %s -- pg_dump --username %s --format custom %s > heimdall.dump"
  (index . 1) (first .).root.Release.Namespace (index . 2) (last .) -}}
{{- end -}}

{{/* (QUANTITY): a number to compare: `1Gi` and `1024Mi` are the same. */}}
{{- define "heimdall-pr.bytes" -}}
{{- $text := toString . -}}
{{- $number := regexFind `\A[0-9.]+` $text | float64 -}}
{{- range $power, $unit := list "k" "M" "G" "T" "P" "E" -}}
{{- $binary := hasSuffix (printf "%si" (upper $unit)) $text -}}
{{- if or $binary (hasSuffix $unit $text) -}}
{{- range until (int (add1 $power)) -}}{{- $number = mulf $number (ternary 1024 1000 $binary) -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- printf "%.0f" $number -}}
{{- end -}}
