{{/* The value `keys`: which variable, from which Secret and key; and whether it is there, with a value that the rules take. */}}

{{- define "secrets-contract.v1.check.keys" -}}
{{- range $name, $from := .sources -}}
{{- with include "secrets-contract.v1.bad.key" (dict "facts" $ "name" $name "from" $from) -}}
{{- $shown := ternary (printf "keys.%s" $name) "keys: a name" (has $name $.known) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s.%s %s" $.valuesPath $shown .)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* {facts, name, from}: what is wrong with one of them, or nothing. */}}
{{- define "secrets-contract.v1.bad.key" -}}
{{- $facts := .facts -}}
{{- $path := $facts.valuesPath -}}
{{- $own := and (ne $facts.approach "existing") (eq .from.secret $facts.ownSecret) -}}
{{- $secrets := $facts.block.secrets | default dict -}}
{{- if not (has .name $facts.known) -}}
is not a secret that the application knows
{{- with include "secrets-contract.v1.meant" (list $facts .name) }}: did you mean {{ . }}?{{ end }}
{{- with $facts.spec.extraKeys }}; name it in {{ $facts.prefix }}{{ . }} too{{ end }}.
{{- else if or (not .from.secret) $own -}}
needs the name of another Secret: {secret: …, key: …}.
{{- else if not (include "secrets-contract.v1.isName" .from.secret) -}}
has a secret that is not a valid Secret name ({{ include "secrets-contract.v1.text.name" . }}).
{{- else if not (include "secrets-contract.v1.isKey" .from.key) -}}
has a key that is not valid in a Secret (letters, digits, '-', '_' and '.').
{{- else if and (eq $facts.approach "inline") (kindIs "map" $secrets) (not (kindIs "invalid" (index $secrets .name))) -}}
takes it from the Secret {{ .from.secret }}, and {{ $path }}.secrets has it too: leave one of them out.
{{- else -}}
{{- $state := include "secrets-contract.v1.live" (list $facts .from.secret) -}}
{{- if eq $state "absent" -}}
{{- printf "names the Secret %s, which is not in the namespace %s. If a parent chart creates it: --set %s.verifyExisting=false"
  .from.secret $facts.namespace $path -}}
{{- else if has .from.secret $facts.filled -}}
{{- else if eq $state "there" -}}
{{- with include "secrets-contract.v1.bad.source" . -}}
{{- $there := ternary ", which is missing or empty there." (printf ", whose value there %s." .) (hasPrefix "is missing" .) -}}
{{- printf "names the key %s of the Secret %s%s" $.from.key $.from.secret $there -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* {facts, name, from}: what is wrong with the live value of a key of another Secret, or nothing. */}}
{{- define "secrets-contract.v1.bad.source" -}}
{{- $value := include "secrets-contract.v1.liveValue" (list .facts .from.secret .from.key) -}}
{{- include "secrets-contract.v1.bad.live" (dict "facts" .facts "key" .name "value" $value) -}}
{{- end -}}
