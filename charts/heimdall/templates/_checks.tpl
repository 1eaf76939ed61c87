{{/* What the chart refuses by itself: all of it at once, each with its mend, and never a value. */}}

{{- define "heimdall-pr.validate" -}}
{{- $found := list -}}
{{- range $check := list "approach" "existing" "inline" "files" "ownership" "settings" -}}
{{- range include (printf "heimdall-pr.check.%s" $check) $ | fromJsonArray -}}
{{- $found = append $found . -}}
{{- end -}}
{{- end -}}
{{- if $found -}}
{{- fail (printf "\n\nheimdall: nothing was rendered: %s\n\n%s\n" (include "heimdall-pr.count" $found) (join "\n" $found)) -}}
{{- end -}}
{{- end -}}

{{- define "heimdall-pr.count" -}}
{{- len . }} {{ ternary "error" "errors" (eq (len .) 1) -}}
{{- end -}}

{{- define "heimdall-pr.check.approach" -}}
{{- $found := list -}}
{{- $path := include "heimdall-pr.valuesPath" . -}}
{{- if not (or .Values.heimdall.existingSecret .Values.heimdall.secrets .Values.heimdall.secretsFiles) -}}
{{- $found = append $found (include "heimdall-pr.text.approach" $path | trim) -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{- define "heimdall-pr.text.approach" }}
No secrets: set one of these three.
  existing Secret  --set {{ . }}.existingSecret=NAME
  inline           --set-string {{ . }}.secrets.JWT_SECRET=… and so on, or the map {{ . }}.secrets in a values file
  files            heimdall-pr generate env/heimdall-secrets.yaml
                   --set '{{ . }}.secretsFiles={env/heimdall-secrets.yaml}' --post-renderer heimdall-pr
{{ end -}}

{{/* unchecked, absent, complete, or the keys that are missing. Nothing is asked of a cluster that need not be asked; the
     ServiceAccount, which every namespace has, tells a cluster without the Secret from no cluster at all. */}}
{{- define "heimdall-pr.existing" -}}
{{- if not (and .Values.heimdall.existingSecret .Values.heimdall.verifyExisting) -}}
unchecked
{{- else -}}
{{- $secret := lookup "v1" "Secret" .Release.Namespace .Values.heimdall.existingSecret -}}
{{- if $secret -}}
{{- include "heimdall-pr.missing" ($secret.data | default dict) | default "complete" -}}
{{- else -}}
{{- ternary "absent" "unchecked" (not (empty (lookup "v1" "ServiceAccount" .Release.Namespace "default"))) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Which required keys a live Secret's data lacks, comma-separated: an empty one is as good as none. */}}
{{- define "heimdall-pr.missing" -}}
{{- $data := . -}}
{{- $missing := list -}}
{{- range include "heimdall-pr.required" . | fromYamlArray -}}
{{- if not (get $data .key | b64dec | trim) -}}
{{- $missing = append $missing .key -}}
{{- end -}}
{{- end -}}
{{- join "," $missing -}}
{{- end -}}

{{- define "heimdall-pr.check.existing" -}}
{{- $found := list -}}
{{- $name := .Values.heimdall.existingSecret -}}
{{- if and $name (not (regexMatch `\A[a-z0-9]([-a-z0-9.]*[a-z0-9])?\z` $name)) -}}
{{- $found = append $found (printf "%s.existingSecret is no name of a Secret (lower-case letters, digits, '-' and '.')." (include "heimdall-pr.valuesPath" .)) -}}
{{- else if $name -}}
{{- $state := include "heimdall-pr.existing" . -}}
{{- $facts := dict "name" $name "namespace" .Release.Namespace "path" (include "heimdall-pr.valuesPath" .) "missing" (splitList "," $state) -}}
{{- if eq $state "absent" -}}
{{- $found = append $found (include "heimdall-pr.text.absent" $facts | trim) -}}
{{- else if not (has $state (list "unchecked" "complete")) -}}
{{- $found = append $found (include "heimdall-pr.text.incomplete" $facts | trim) -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{- define "heimdall-pr.text.absent" }}
The Secret {{ .name }} ({{ .path }}.existingSecret) is not in the namespace {{ .namespace }}.
  Expected are the keys JWT_SECRET, API_KEY_SECRET, DATABASE_PASSWORD and ADMIN_PASSWORD. Let your secret manager make it, or:
    kubectl create secret generic {{ .name }} --namespace {{ .namespace }}
    {{- range include "heimdall-pr.required" . | fromYamlArray }} \
      --from-literal={{ .key }}="{{ .word }}"
    {{- end }}
  Where the same release or its parent chart brings it: --set {{ .path }}.verifyExisting=false
{{ end -}}

{{- define "heimdall-pr.text.incomplete" }}
{{- $pairs := list -}}
{{- $missing := .missing }}
The Secret {{ .name }} ({{ .path }}.existingSecret) in the namespace {{ .namespace }} is not complete.
{{- range include "heimdall-pr.required" . | fromYamlArray }}
{{- if has .key $missing }}
{{- $pairs = append $pairs (printf `\"%s\":\"%s\"` .key .word) }}
  {{ .key }} is missing or empty: {{ .length }} characters, {{ .recipe }}
{{- end }}
{{- end }}
  Add what is missing where your secret manager takes it from, or, where you made the Secret by hand:
    kubectl patch secret {{ .name }} --namespace {{ .namespace }} --patch "{\"stringData\":{ {{- join "," $pairs -}} }}"
{{ end -}}

{{- define "heimdall-pr.check.inline" -}}
{{- $found := list -}}
{{- $path := printf "%s.secrets" (include "heimdall-pr.valuesPath" .) -}}
{{- $secrets := .Values.heimdall.secrets -}}
{{- if ne (include "heimdall-pr.approach" .) "inline" -}}
{{- else if not (kindIs "map" $secrets) -}}
{{- $found = append $found (printf "%s is not a mapping of keys to strings." $path) -}}
{{- else -}}
{{- $required := list -}}
{{- range $spec := include "heimdall-pr.required" . | fromYamlArray -}}
{{- $required = append $required .key -}}
{{- with include "heimdall-pr.bad.required" (dict "value" (index $secrets .key)) -}}
{{- $found = append $found (printf "%s: %s %s; expected: %v characters, %s" $path $spec.key . $spec.length $spec.recipe) -}}
{{- end -}}
{{- end -}}
{{- range $key := keys $secrets | sortAlpha -}}
{{- with has $key $required | ternary "" (include "heimdall-pr.bad.other" (dict "root" $ "key" $key "value" (index $secrets $key))) -}}
{{- $found = append $found (printf "%s: %s" $path .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{/* What is wrong with a required key's value, or nothing. */}}
{{- define "heimdall-pr.bad.required" -}}
{{- if kindIs "invalid" .value -}}is missing
{{- else if not (kindIs "string" .value) -}}{{- include "heimdall-pr.bad.kind" . -}}
{{- else if include "heimdall-pr.fromEnvironment" .value -}}
{{- else if not (trim .value) -}}is empty
{{- else if regexMatch `[\r\n]\z` .value -}}ends with a line break
{{- else if regexMatch `(?s)\A.{0,7}\z` .value -}}is shorter than 8 characters
{{- end -}}
{{- end -}}

{{/* The same for any other key. Its name is shown only where it is a known one or close to it: a secret may stand where a
     name should. A certificate may end with a line break. */}}
{{- define "heimdall-pr.bad.other" -}}
{{- $known := has .key (include "heimdall-pr.optional" .root | fromJsonArray) -}}
{{- $name := ternary .key "an unknown key" $known -}}
{{- $meant := ternary "" (include "heimdall-pr.meant" .) $known -}}
{{- if $meant -}}{{ .key }} is not known; did you mean {{ $meant }}? (if not, add it to {{ include "heimdall-pr.valuesPath" .root }}.extraSecretKeys)
{{- else if not (regexMatch `\A[-._a-zA-Z0-9]+\z` .key) -}}{{ $name }} is no key that a Secret can have (letters, digits, '-', '_' and '.')
{{- else if not (kindIs "string" .value) -}}{{ $name }} {{ include "heimdall-pr.bad.kind" . }}
{{- else if and (regexMatch `[\r\n]\z` .value) (not (contains "-BEGIN" .value)) -}}{{ $name }} ends with a line break
{{- end -}}
{{- end -}}

{{- define "heimdall-pr.bad.kind" -}}
is not a string (write it in quotes, or use --set-string)
{{- end -}}

{{/* The known key that an unknown one is taken for: equal but for case, '-', '_' and '.' (so are the keys of older charts, such
     as jwtSecret), or one letter away. */}}
{{- define "heimdall-pr.meant" -}}
{{- $key := .key | upper | replace "_" "" | replace "-" "" | replace "." "" -}}
{{- $known := include "heimdall-pr.optional" .root | fromJsonArray -}}
{{- range include "heimdall-pr.required" .root | fromYamlArray -}}
{{- $known = prepend $known .key -}}
{{- end -}}
{{- $meant := "" -}}
{{- range $known -}}
{{- $letters := replace "_" "" . | upper -}}
{{- $near := list -}}
{{- range $i := until (len $letters) -}}
{{- $near = append $near (printf "%s.{0,2}%s" (substr 0 $i $letters) (substr (int (add1 $i)) (len $letters) $letters)) -}}
{{- end -}}
{{- if and (not $meant) (regexMatch (printf `\A(%s)\z` (join "|" $near)) $key) -}}
{{- $meant = . -}}
{{- end -}}
{{- end -}}
{{- $meant -}}
{{- end -}}

{{- define "heimdall-pr.check.files" -}}
{{- $found := list -}}
{{- if eq (include "heimdall-pr.approach" .) "files" -}}
{{- range $i, $file := .Values.heimdall.secretsFiles -}}
{{- if not (regexMatch `\A[^\r\n]*[^\s][^\r\n]*\z` (toString $file)) -}}
{{- $found = append $found (printf "%s.secretsFiles[%d] is no path of a file." (include "heimdall-pr.valuesPath" $) $i) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{/* Helm would overwrite a Secret of this name that is not this release's, and delete it with the release; and it would delete
     the one that is this release's as soon as the release no longer renders it. */}}
{{- define "heimdall-pr.check.ownership" -}}
{{- $found := list -}}
{{- $own := include "heimdall-pr.ownSecret" . -}}
{{- if eq $own (include "heimdall-pr.secretName" .) -}}
{{- with include "heimdall-pr.owner" . -}}
{{- $facts := dict "name" $own "namespace" $.Release.Namespace "path" (include "heimdall-pr.valuesPath" $) -}}
{{- if and $.Values.heimdall.existingSecret (eq . "release") -}}
{{- $found = append $found (include "heimdall-pr.text.own" $facts | trim) -}}
{{- else if and (not $.Values.heimdall.existingSecret) (eq . "other") -}}
{{- $found = append $found (include "heimdall-pr.text.foreign" $facts | trim) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{/* Whose the live Secret of our name is: other; release (Helm deletes it once it is no longer rendered); kept (Helm's policy
     spares it); or nothing, where there is none or no cluster. */}}
{{- define "heimdall-pr.owner" -}}
{{- with lookup "v1" "Secret" .Release.Namespace (include "heimdall-pr.ownSecret" .) -}}
{{- $notes := .metadata.annotations | default dict -}}
{{- $name := get $notes "meta.helm.sh/release-name" -}}
{{- $namespace := get $notes "meta.helm.sh/release-namespace" -}}
{{- if or (ne $name $.Release.Name) (ne $namespace $.Release.Namespace) -}}other
{{- else -}}{{ ternary "kept" "release" (eq (get $notes "helm.sh/resource-policy") "keep") }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "heimdall-pr.text.own" }}
{{ .path }}.existingSecret names {{ .name }}, which this release has made itself: Helm would delete it now.
  Keep it first: kubectl annotate secret {{ .name }} --namespace {{ .namespace }} helm.sh/resource-policy=keep
{{ end -}}

{{- define "heimdall-pr.text.foreign" }}
The Secret {{ .name }} is in the namespace {{ .namespace }} already and is not this release's: Helm would overwrite it now, and
delete it with the release.
  To use it as it is: --set {{ .path }}.existingSecret={{ .name }}
  To leave it alone: another name for this release's objects, by fullnameOverride
{{ end -}}

{{- define "heimdall-pr.check.settings" -}}
{{- $found := list -}}
{{- $path := include "heimdall-pr.valuesPath" . -}}
{{- $secrets := include "heimdall-pr.optional" . | fromJsonArray -}}
{{- range include "heimdall-pr.required" . | fromYamlArray -}}
{{- $secrets = append $secrets .key -}}
{{- end -}}
{{- range $i, $key := .Values.heimdall.extraSecretKeys -}}
{{- if not (regexMatch `\A[A-Za-z_][A-Za-z0-9_]*\z` $key) -}}
{{- $found = append $found (printf "%s.extraSecretKeys[%d] is no name of an environment variable." $path $i) -}}
{{- end -}}
{{- end -}}
{{- range $key, $value := .Values.heimdall.config -}}
{{- if has $key $secrets -}}
{{- $found = append $found (printf "%s.config.%s is a secret, and config is not; it belongs to %s.secrets." $path $key $path) -}}
{{- else if not (regexMatch `\A[A-Za-z_][A-Za-z0-9_]*\z` $key) -}}
{{- $found = append $found (printf "%s.config has a key that is no name of an environment variable." $path) -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}
