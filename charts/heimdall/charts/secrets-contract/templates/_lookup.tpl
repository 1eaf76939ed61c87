{{/* What is asked of a cluster about Secrets, in one place. `lookup` needs the right to read: without it the render fails. */}}

{{/* (list FACTS SECRET): the live Secret as JSON, or nothing: there is none, no cluster is at hand, or the value `verifyExisting` is
     false, which is for a user who may not read Secrets. No other template looks up a Secret. */}}
{{- define "secrets-contract.v1.liveSecret" -}}
{{- $facts := first . -}}
{{- if $facts.verify -}}
{{- with lookup "v1" "Secret" $facts.namespace (last .) -}}{{- toJson . -}}{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS SECRET KEY): the key's base64 in the live Secret, or nothing. Never rendered, only compared. */}}
{{- define "secrets-contract.v1.liveValue" -}}
{{- with include "secrets-contract.v1.liveSecret" (list (first .) (index . 1)) -}}
{{- get ((fromJson .).data | default dict) (last $) -}}
{{- end -}}
{{- end -}}

{{/* (FACTS): sets before: the data of the contract that the revision before this one left; empty if there is none or no cluster. A chart
     whose contract had another name sets it itself. */}}
{{- define "secrets-contract.v1.facts.before" -}}
{{- if not (hasKey . "before") -}}
{{- $found := lookup "v1" "ConfigMap" .namespace (printf "%s-secrets-contract" .fullname) | default dict -}}
{{- $_ := set . "before" ($found.data | default dict) -}}
{{- end -}}
{{- end -}}

{{/* (FACTS): "true" if the revision before this one rendered the Secret of our name: Helm deletes it once it is no longer rendered. */}}
{{- define "secrets-contract.v1.renderedBefore" -}}
{{- $_ := include "secrets-contract.v1.facts.before" . -}}
{{- if and (eq (get .before "secret") .ownSecret) (has (get .before "approach") (list "inline" "files")) -}}true{{- end -}}
{{- end -}}

{{/* (list FACTS NAME): unchecked, absent, or there. Nothing is asked of a cluster that need not be asked; the ServiceAccount, which
     every namespace has, distinguishes a cluster without the Secret from no cluster at all. The gate looks by itself, later. */}}
{{- define "secrets-contract.v1.live" -}}
{{- $facts := first . -}}
{{- $namespace := $facts.namespace -}}
{{- $_ := include "secrets-contract.v1.produced" $facts -}}
{{- if or (not $facts.verify) $facts.gated (has (last .) $facts.produced) -}}
unchecked
{{- else if include "secrets-contract.v1.liveSecret" (list $facts (last .)) -}}
there
{{- else -}}
{{- ternary "unchecked" "absent" (empty (lookup "v1" "ServiceAccount" $namespace "default")) -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS NAME): a live Secret as JSON; `{}` if it was not looked up, or is not there. Never rendered, only judged. */}}
{{- define "secrets-contract.v1.liveJson" -}}
{{- if eq (include "secrets-contract.v1.live" .) "there" -}}
{{- include "secrets-contract.v1.liveSecret" . -}}
{{- else -}}
{}
{{- end -}}
{{- end -}}

{{/* (FACTS): unchecked, absent, complete or bad: whether the live existing Secret has its keys, with values that the rules take. Sets
     state, the same; bad: {KEY: what is wrong}, an empty key counts as missing; and renamed: {KEY: NAME}, a key that is missing and
     the name in the Secret that was meant to be it. Optional keys are judged if they are there.
     If an object of the release writes into the Secret, what is bad there now is not known to stay so. */}}
{{- define "secrets-contract.v1.existing" -}}
{{- if not (hasKey . "state") -}}
{{- $_ := include "secrets-contract.v1.facts.rules" . -}}
{{- $secret := .block.existingSecret -}}
{{- $state := "unchecked" -}}
{{- $bad := dict -}}
{{- $renamed := dict -}}
{{- if $secret -}}
{{- $state = include "secrets-contract.v1.live" (list . $secret) -}}
{{- end -}}
{{- if eq $state "there" -}}
{{- $data := (include "secrets-contract.v1.liveJson" (list . $secret) | fromJson).data | default dict -}}
{{- $required := list -}}
{{- range .expected -}}{{- $required = append $required .key -}}{{- end -}}
{{- range $key := concat $required .optional -}}
{{- if or (has $key $required) (and (get $data $key) (not (hasKey $.sources $key))) -}}
{{- $what := include "secrets-contract.v1.bad.live" (dict "facts" $ "key" $key "value" (get $data $key)) -}}
{{- if and $what (or (has $key $required) (not (hasPrefix "is missing" $what))) -}}
{{- $_ := set $bad $key $what -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $name := keys $data | sortAlpha -}}
{{- $key := ternary (include "secrets-contract.v1.meant" (list $ $name)) "" (empty $bad | not) -}}
{{- if and $key (hasPrefix "is missing" (get $bad $key)) (get $data $name) (not (hasKey $renamed $key)) -}}
{{- $_ := set $renamed $key $name -}}
{{- end -}}
{{- end -}}
{{- $_ := include "secrets-contract.v1.facts.ungrouped" (list . $data true) -}}
{{- $state = ternary "complete" (ternary "unchecked" "bad" (has $secret .filled)) (and (empty $bad) (empty .ungrouped)) -}}
{{- end -}}
{{- $_ := set . "state" $state -}}
{{- $_ := set . "bad" $bad -}}
{{- $_ := set . "renamed" $renamed -}}
{{- end -}}
{{- .state -}}
{{- end -}}

{{/* (FACTS): "true" if the live existing Secret was seen and judged, and every other Secret that a key comes from, too. */}}
{{- define "secrets-contract.v1.verified" -}}
{{- $verified := eq (include "secrets-contract.v1.existing" .) "complete" -}}
{{- range $name, $from := .sources -}}
{{- $there := eq (include "secrets-contract.v1.live" (list $ .secret)) "there" -}}
{{- $verified = and $verified $there (empty (include "secrets-contract.v1.bad.source" (dict "facts" $ "name" $name "from" $from))) -}}
{{- end -}}
{{- $verified -}}
{{- end -}}
