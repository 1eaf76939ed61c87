{{/* Which logins are on, and what each needs in the Secret. */}}

{{/* (FACTS): sets logins: [{key, what, login}], the keys of the Secret that the logins which are on need, and which login it is. */}}
{{- define "heimdall-pr.facts.logins" -}}
{{- $_ := include "heimdall-pr.everyProvider" . -}}
{{- $logins := list -}}
{{- range $name, $provider := .everyProvider -}}
{{- $switch := first $provider.variables -}}
{{- $login := "" -}}
{{- if eq (dig $name "enabled" "" $.root.Values.heimdall.auth | toString) "true" -}}
{{- $login = printf "%s.auth.%s is enabled" $.valuesPath $name -}}
{{- else if include "heimdall-pr.isOn" (list $ $switch) -}}
{{- $login = printf "the setting %s is given" $switch -}}
{{- else if include "heimdall-pr.isOnBySecret" (list $ $switch) -}}
{{- $login = printf "the key %s is given" $switch -}}
{{- end -}}
{{- if $login -}}
{{- range $key, $what := $provider.secrets -}}
{{- $logins = append $logins (dict "key" (include "heimdall-pr.loginKey" (list $ $key)) "what" $what "login" $login) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $_ := set . "logins" $logins -}}
{{- end -}}

{{/* (list FACTS KEY): the key itself; for GitLab's, which has two names, the later one if that is the one that is there. */}}
{{- define "heimdall-pr.loginKey" -}}
{{- $facts := first . -}}
{{- $key := last . -}}
{{- $later := "GITLAB_CLIENTSECRET" -}}
{{- if eq $key "GITLAB_SECRET" -}}
{{- $given := $facts.root.Values.heimdall.keys | default dict -}}
{{- if not (or (get $given $key) (get $given $later)) -}}
{{- if eq $facts.approach "existing" -}}
{{- $given = (include "secrets-contract.v1.liveJson" (list $facts $facts.secret) | fromJson).data | default dict -}}
{{- else if and (eq $facts.approach "inline") (kindIs "map" $facts.root.Values.heimdall.secrets) -}}
{{- $given = $facts.root.Values.heimdall.secrets -}}
{{- end -}}
{{- end -}}
{{- if and (get $given $later) (not (get $given $key)) -}}
{{- $key = $later -}}
{{- end -}}
{{- end -}}
{{- $key -}}
{{- end -}}

{{/* (list FACTS VARIABLE): the text of a setting that the user gives by heimdall.config or extraEnv; "from elsewhere" for one of
     extraEnv that is taken from another object. */}}
{{- define "heimdall-pr.setting" -}}
{{- $name := last . -}}
{{- with (first .).root.Values -}}
{{- $text := get (.heimdall.config | default dict) $name | toString -}}
{{- range .extraEnv -}}
{{- if eq (toString .name) $name -}}
{{- $text = ternary "from elsewhere" (toString .value) (hasKey . "valueFrom") -}}
{{- end -}}
{{- end -}}
{{- if not (has $text (list "" "<nil>")) -}}{{- $text -}}{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS VARIABLE): "true" if that setting switches a login on: a client id that is not empty, LDAP_ENABLED if it is true. */}}
{{- define "heimdall-pr.isOn" -}}
{{- $text := include "heimdall-pr.setting" . -}}
{{- if ternary (eq (lower $text) "true") (ne $text "") (eq (last .) "LDAP_ENABLED") -}}true{{- end -}}
{{- end -}}

{{/* (list FACTS VARIABLE): "true" if a key of the Secret switches a login on, as far as the chart can see it: inline, or by a name in
     heimdall.keys. */}}
{{- define "heimdall-pr.isOnBySecret" -}}
{{- $facts := first . -}}
{{- $name := last . -}}
{{- $values := $facts.root.Values.heimdall -}}
{{- if has $name ($values.extraSecretKeys | default list) -}}
{{- $text := "" -}}
{{- if get ($values.keys | default dict) $name -}}
{{- $text = "from elsewhere" -}}
{{- else if and (eq $facts.approach "inline") (kindIs "map" $values.secrets) -}}
{{- $text = get $values.secrets $name | default "" | toString -}}
{{- end -}}
{{- if ternary (eq (lower $text) "true") (ne $text "") (eq $name "LDAP_ENABLED") -}}true{{- end -}}
{{- end -}}
{{- end -}}
