{{/* heimdall.keys: which variable, from which Secret and key; and what is there of it. */}}

{{- define "heimdall-pr.check.keys" -}}
{{- $found := list -}}
{{- $path := printf "%s.keys" (include "heimdall-pr.valuesPath" .) -}}
{{- range $name, $from := include "heimdall-pr.sources" . | fromJson -}}
{{- with include "heimdall-pr.bad.key" (dict "root" $ "name" $name "from" $from) -}}
{{- $found = append $found (printf "%s.%s %s" $path $name .) -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{- define "heimdall-pr.bad.key" -}}
{{- $approach := include "heimdall-pr.approach" .root -}}
{{- $own := and (ne $approach "existing") (eq .from.secret (include "heimdall-pr.ownSecret" .root)) -}}
{{- $secrets := .root.Values.heimdall.secrets | default dict -}}
{{- if not (has .name (include "heimdall-pr.known" .root | fromJsonArray)) -}}
is no secret that the application knows; name it in {{ include "heimdall-pr.valuesPath" .root }}.extraSecretKeys too.
{{- else if or (not .from.secret) $own -}}
needs the name of another Secret: {secret: …, key: …}.
{{- else if not (include "heimdall-pr.isName" .from.secret) -}}
has a secret that is no name of a Secret ({{ include "heimdall-pr.text.name" . }}).
{{- else if not (regexMatch `\A[-._a-zA-Z0-9]+\z` .from.key) -}}
has a key that no Secret can have (letters, digits, '-', '_' and '.').
{{- else if and (eq $approach "inline") (kindIs "map" $secrets) (hasKey $secrets .name) -}}
takes it from the Secret {{ .from.secret }}, and {{ include "heimdall-pr.valuesPath" .root }}.secrets has it too: leave one of them out.
{{- else -}}
{{- $state := include "heimdall-pr.live" (list .root .from.secret) -}}
{{- if eq $state "absent" -}}
names the Secret {{ .from.secret }}, which is not in the namespace {{ .root.Release.Namespace }}. Where a parent chart brings it: --set {{ include "heimdall-pr.valuesPath" .root }}.verifyExisting=false
{{- else if and (eq $state "there") (not (include "heimdall-pr.liveValue" (list .root .from.secret .from.key) | b64dec | trim)) -}}
names the key {{ .from.key }} of the Secret {{ .from.secret }}, which is missing or empty there.
{{- end -}}
{{- end -}}
{{- end -}}
