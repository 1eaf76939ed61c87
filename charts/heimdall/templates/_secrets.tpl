{{/* Heimdall's list of secrets, for the library chart. */}}

{{/* All of it but for the keys, as JSON. */}}
{{- define "heimdall-pr.secrets" -}}
{{- $labels := dict -}}
{{- range $object, $component := dict "contract" "server" "gate" "gate" "policy" "policy" -}}
{{- $_ := set $labels $object (include "heimdall-pr.labels" (list $ $component)) -}}
{{- end -}}
{{- $_ := set $labels "gatePod" (include "heimdall-pr.podLabels" (list . "gate" dict)) -}}
{{- $remembered := and (eq (include "heimdall-pr.embedded" .) "true") (not .Values.postgresql.trustPassword) -}}
{{- dict
  "application" "heimdall"
  "title" "Heimdall"
  "values" "heimdall"
  "name" (include "heimdall-pr.fullname" .)
  "componentLabels" $labels
  "contract" "v1"
  "contractLabels" (list "heimdall.mitre.org/secrets-contract")
  "fixed" (ternary (list "DATABASE_PASSWORD") list $remembered)
  "gate" (include "heimdall-pr.gate" . | fromJson)
  "policy" .Values.policy
  "postRenderer" .Values.postRenderer
  "objects" "heimdall-pr.objects"
  "volumes" .Values.extraVolumes
  "file" "env/heimdall-secrets.yaml"
  "generate" "heimdall-pr generate env/heimdall-secrets.yaml"
  "meant" "heimdall-pr.meant"
  "extraKeys" "heimdall.extraSecretKeys"
  "skip" (list "block" "spec")
  | toJson -}}
{{- end -}}

{{/* The gate's settings as JSON, with what it shares with the other pods. */}}
{{- define "heimdall-pr.gate" -}}
{{- $gate := pick .Values.gate "enabled" "timeout" "resources" -}}
{{- if .Values.gate.enabled -}}
{{- $_ := set $gate "image" (include "heimdall-pr.image" (dict "root" . "image" .Values.gate.image)) -}}
{{- $_ := set $gate "pullPolicy" .Values.gate.image.pullPolicy -}}
{{- $fields := include "heimdall-pr.scheduling" (pick .Values "nodeSelector" "priorityClassName" "runtimeClassName" "tolerations") -}}
{{- $_ := set $gate "pod" (printf "%s\n%s" (include "heimdall-pr.imagePullSecrets" .) $fields) -}}
{{- $_ := set $gate "podSecurityContext" .Values.podSecurityContext -}}
{{- $_ := set $gate "securityContext" .Values.securityContext -}}
{{- end -}}
{{- toJson $gate -}}
{{- end -}}

{{/* (FACTS): sets embedded. */}}
{{- define "heimdall-pr.facts.embedded" -}}
{{- $_ := set . "embedded" (eq (include "heimdall-pr.embedded" .root) "true") -}}
{{- end -}}

{{/* (FACTS): sets spec.keys and spec.order: the required ones first, the policy's and those of the logins that are on; then what else
     the application reads if it is there, and the user's own list. All of them must never be in plaintext. Sets databaseFrom, too. */}}
{{- define "heimdall-pr.facts.keys" -}}
{{- $facts := . -}}
{{- $_ := set . "databaseFrom" (without (include "heimdall-pr.databaseFrom" .root | splitList ",") "") -}}
{{- $keys := dict -}}
{{- $_ := include "heimdall-pr.requiredKeys" (list . $keys) -}}
{{- $order := list -}}
{{- range .policy.keys -}}{{- $order = append $order .name -}}{{- end -}}
{{- range .logins -}}{{- $order = append $order .key -}}{{- end -}}
{{- range concat .policy.optional (.root.Values.heimdall.extraSecretKeys | default list) .databaseFrom -}}
{{- $order = append $order . -}}
{{- if not (hasKey $keys .) -}}
{{- $kind := ternary "password" (ternary "text" "config" (has . $facts.policy.optional)) (has . $facts.policy.passwords) -}}
{{- $_ := set $keys . (dict "optional" true "kind" $kind "issuer" "third-party") -}}
{{- end -}}
{{- end -}}
{{- $_ := set .spec "keys" $keys -}}
{{- $_ := set .spec "order" (uniq $order) -}}
{{- end -}}

{{/* (list FACTS KEYS): sets in KEYS those that must be there. expected: what a value is, and the command that makes one; word: the
same as a word of a shell command. The chart offers no recipe for the password of a database that exists already, nor for what a
     login's provider
     gave: the word stops the shell if it is not given. */}}
{{- define "heimdall-pr.requiredKeys" -}}
{{- $facts := first . -}}
{{- $keys := last . -}}
{{- range $facts.policy.keys -}}
{{- $key := dict "length" .length -}}
{{- $expected := printf "%d characters, %s" (int .length) .recipe -}}
{{- $word := .word -}}
{{- if and (eq .name "DATABASE_PASSWORD") (not $facts.embedded) -}}
{{- /* A contract that has no length for it says so to heimdall-pr. */ -}}
{{- $key = dict -}}
{{- $expected = printf "the password that %sexternalDatabase.username has in that database" $facts.prefix -}}
{{- $word = "${DATABASE_PASSWORD:?is the one that the database knows}" -}}
{{- end -}}
{{- $_ := set $keys .name (merge $key (dict "expected" $expected "word" $word)) -}}
{{- end -}}
{{- range $facts.logins -}}
{{- $kind := ternary "password" (ternary "text" "config" (has .key $facts.policy.optional)) (has .key $facts.policy.passwords) -}}
{{- $_ := set $keys .key (dict "kind" $kind "issuer" "third-party"
  "expected" (printf "%s, to be written there: %s" .what .login) "word" (printf "${%s:?is %s}" .key .what)) -}}
{{- end -}}
{{- end -}}
