{{/* The live existing Secret, if a cluster is at hand and the Secret need not come with this release. */}}

{{/* (list FACTS NAME): unchecked, absent, or there. Nothing is asked of a cluster that need not be asked; the ServiceAccount, which
     every namespace has, distinguishes a cluster without the Secret from no cluster at all. The gate looks by itself, later. */}}
{{- define "heimdall-pr.live" -}}
{{- $facts := first . -}}
{{- $namespace := $facts.root.Release.Namespace -}}
{{- $_ := include "heimdall-pr.produced" $facts -}}
{{- if or (not $facts.root.Values.heimdall.verifyExisting) $facts.gated (has (last .) $facts.produced) -}}
unchecked
{{- else if include "heimdall-pr.liveSecret" (list $facts.root (last .)) -}}
there
{{- else -}}
{{- ternary "unchecked" "absent" (empty (lookup "v1" "ServiceAccount" $namespace "default")) -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS NAME): a live Secret as JSON; `{}` if it was not looked up, or is not there. Never rendered, only judged. */}}
{{- define "heimdall-pr.liveJson" -}}
{{- if eq (include "heimdall-pr.live" .) "there" -}}
{{- include "heimdall-pr.liveSecret" (list (first .).root (last .)) -}}
{{- else -}}
{}
{{- end -}}
{{- end -}}

{{/* (FACTS): unchecked, absent, complete or bad: whether the live existing Secret has its keys, with values that the rules take. Sets
     state, the same; bad: {KEY: what is wrong}, an empty key counts as missing; and renamed: {KEY: NAME}, a key that is missing and
     the name in the Secret that was meant to be it. Optional keys are judged if they are there.
     If an object of the release writes into the Secret, what is bad there now is not known to stay so. */}}
{{- define "heimdall-pr.existing" -}}
{{- if not (hasKey . "state") -}}
{{- $_ := include "heimdall-pr.facts.policy" . -}}
{{- $secret := .root.Values.heimdall.existingSecret -}}
{{- $state := "unchecked" -}}
{{- $bad := dict -}}
{{- $renamed := dict -}}
{{- if $secret -}}
{{- $state = include "heimdall-pr.live" (list . $secret) -}}
{{- end -}}
{{- if eq $state "there" -}}
{{- $data := (include "heimdall-pr.liveJson" (list . $secret) | fromJson).data | default dict -}}
{{- $required := list -}}
{{- range .expected -}}{{- $required = append $required .key -}}{{- end -}}
{{- range $key := concat $required .optional -}}
{{- if or (has $key $required) (and (get $data $key) (not (hasKey $.sources $key))) -}}
{{- $what := include "heimdall-pr.bad.live" (dict "facts" $ "key" $key "value" (get $data $key)) -}}
{{- if and $what (or (has $key $required) (not (hasPrefix "is missing" $what))) -}}
{{- $_ := set $bad $key $what -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $name := keys $data | sortAlpha -}}
{{- $key := ternary (include "heimdall-pr.meant" (list $ $name)) "" (empty $bad | not) -}}
{{- if and $key (hasPrefix "is missing" (get $bad $key)) (get $data $name) (not (hasKey $renamed $key)) -}}
{{- $_ := set $renamed $key $name -}}
{{- end -}}
{{- end -}}
{{- $state = ternary "complete" (ternary "unchecked" "bad" (has $secret .filled)) (empty $bad) -}}
{{- end -}}
{{- $_ := set . "state" $state -}}
{{- $_ := set . "bad" $bad -}}
{{- $_ := set . "renamed" $renamed -}}
{{- end -}}
{{- .state -}}
{{- end -}}

{{/* (FACTS): "true" if the live existing Secret was seen and judged, and every other Secret that a key comes from, too. */}}
{{- define "heimdall-pr.verified" -}}
{{- $verified := eq (include "heimdall-pr.existing" .) "complete" -}}
{{- range $name, $from := .sources -}}
{{- $there := eq (include "heimdall-pr.live" (list $ .secret)) "there" -}}
{{- $verified = and $verified $there (empty (include "heimdall-pr.bad.source" (dict "facts" $ "name" $name "from" $from))) -}}
{{- end -}}
{{- $verified -}}
{{- end -}}

{{- define "heimdall-pr.check.existing" -}}
{{- $name := .root.Values.heimdall.existingSecret -}}
{{- if not $name -}}
{{- else if not (include "heimdall-pr.isName" $name) -}}
{{- include "heimdall-pr.refuse" (list $ (printf
  "%s.existingSecret is not a valid Secret name (%s)." .valuesPath (include "heimdall-pr.text.name" .))) -}}
{{- else -}}
{{- $state := include "heimdall-pr.existing" . -}}
{{- if eq $state "absent" -}}
{{- include "heimdall-pr.refuse" (list $ (include "heimdall-pr.text.absent" .)) -}}
{{- else if eq $state "bad" -}}
{{- include "heimdall-pr.refuse" (list $ (include "heimdall-pr.text.incomplete" .)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* {facts, key, value}: what is wrong with the base64 of a live key that the application takes, or nothing. */}}
{{- define "heimdall-pr.bad.live" -}}
{{- $text := b64dec .value -}}
{{- if trim $text -}}
{{- include "heimdall-pr.bad.text" (dict "facts" .facts "key" .key "value" $text) -}}
{{- else -}}
is missing or empty
{{- end -}}
{{- end -}}
