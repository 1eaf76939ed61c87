{{/* A login that is enabled has what it needs. */}}

{{- define "heimdall-pr.check.auth" -}}
{{- $path := .valuesPath -}}
{{- $auth := .root.Values.heimdall.auth -}}
{{- range $name, $provider := .providers -}}
{{- $missing := list -}}
{{- range $provider.needs -}}
{{- if not (dig $name . "" $auth) -}}
{{- $missing = append $missing . -}}
{{- end -}}
{{- end -}}
{{- with $missing -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s.auth.%s is enabled and has no %s." $path $name (join ", no " .))) -}}
{{- end -}}
{{- if and (ne $name "ldap") (not $.externalUrl) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  "%s.auth.%s is enabled, and users come back from it to %s.externalUrl, which is empty: write https://HOST." $path $name $path)) -}}
{{- end -}}
{{- end -}}
{{- range $name, $provider := .everyProvider -}}
{{- if not (hasKey $.providers $name) -}}
{{- include "heimdall-pr.check.loginOff" (list $ $name $provider) -}}
{{- include "heimdall-pr.check.loginSettings" (list $ $name $provider) -}}
{{- end -}}
{{- end -}}
{{- include "heimdall-pr.check.loginAddresses" . -}}
{{- include "heimdall-pr.check.anyLogin" . -}}
{{- with $auth.ldap -}}
{{- if and (or .ca.configMap .ca.secret) (not (and .enabled .ssl)) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  "%s.auth.ldap has a ca, but does not use TLS: write enabled: true and ssl: true, or leave it out." $path)) -}}
{{- end -}}
{{- end -}}
{{- with $auth.oidc -}}
{{- if and .enabled .pkceS256 .pkcePlain -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s.auth.oidc has pkceS256 and pkcePlain: set one of them." $path)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS NAME PROVIDER): a block that says whose login it is, and not whether it is on. `enabled: false` keeps its settings for
     later. */}}
{{- define "heimdall-pr.check.loginOff" -}}
{{- $facts := first . -}}
{{- $name := index . 1 -}}
{{- $block := get $facts.root.Values.heimdall.auth $name | default dict -}}
{{- $written := list -}}
{{- range concat (last .).needs ((last .).further | default list) -}}
{{- if get $block . -}}{{- $written = append $written . -}}{{- end -}}
{{- end -}}
{{- if and $written (not (kindIs "bool" (get $block "enabled"))) -}}
{{- include "secrets-contract.v1.refuse" (list $facts (printf
  (cat "%s.auth.%s has %s and is not enabled: write %s.auth.%s.enabled: true. To keep the login switched off with its settings, write"
    "false there.")
  $facts.valuesPath $name (join ", " $written) $facts.valuesPath $name)) -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS NAME PROVIDER): a login that heimdall.config or extraEnv gives has all its settings. */}}
{{- define "heimdall-pr.check.loginSettings" -}}
{{- $facts := first . -}}
{{- $provider := last . -}}
{{- $given := list -}}
{{- range keys $provider.settings | concat $provider.variables | uniq -}}
{{- if or (include "heimdall-pr.setting" (list $facts .)) (has . ($facts.root.Values.heimdall.extraSecretKeys | default list)) -}}
{{- $given = append $given . -}}
{{- end -}}
{{- end -}}
{{- $missing := list -}}
{{- $used := list -}}
{{- range $provider.variables -}}
{{- $instead := get ($provider.instead | default dict) . -}}
{{- if include "heimdall-pr.setting" (list $facts .) -}}
{{- $used = append $used . -}}
{{- else if has . $given -}}
{{- else if not (and $instead (empty (include "heimdall-pr.lacking" (list $instead $given)))) -}}
{{- $missing = append $missing . -}}
{{- end -}}
{{- end -}}
{{- $switch := first $provider.variables -}}
{{- $off := and (eq $switch "LDAP_ENABLED") (has $switch $given) (not (include "heimdall-pr.isOn" (list $facts $switch))) -}}
{{- if and $used $missing (not $off) -}}
{{- include "secrets-contract.v1.refuse" (list $facts (printf
  "The setting %s (of %s.config or %sextraEnv) is given, and there is no %s: a login by %s needs all of them. Or write them in %s.auth.%s."
  (first $used) $facts.valuesPath $facts.prefix (join ", no " $missing) (index . 1) $facts.valuesPath (index . 1))) -}}
{{- end -}}
{{- end -}}

{{/* (FACTS): the application joins the address and a path as they are: GitLab's has no final slash, GitHub's have one. */}}
{{- define "heimdall-pr.check.loginAddresses" -}}
{{- $places := dict
  "GITLAB_BASEURL" "gitlab.baseUrl"
  "GITHUB_ENTERPRISE_INSTANCE_BASE_URL" "github.baseUrl"
  "GITHUB_ENTERPRISE_INSTANCE_API_URL" "github.apiUrl" -}}
{{- range $name, $place := $places -}}
{{- $given := include "heimdall-pr.setting" (list $ $name) -}}
{{- $value := ternary "" ($given | default (get $.config $name)) (eq $given "from elsewhere") -}}
{{- $path := printf "%s.auth.%s" $.valuesPath $place -}}
{{- if and $given (eq $given (get ($.root.Values.heimdall.config | default dict) $name | toString)) -}}
{{- $path = printf "%s.config.%s" $.valuesPath $name -}}
{{- else if $given -}}
{{- $path = printf "%sextraEnv: %s" $.prefix $name -}}
{{- end -}}
{{- if and (hasPrefix "gitlab" $place) (hasSuffix "/" $value) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s ends with a slash, and the application adds one: leave it out." $path)) -}}
{{- else if and (hasPrefix "github" $place) $value (not (hasSuffix "/" $value)) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  "%s has no slash at its end, and the application puts none after it: add it." $path)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (FACTS): somebody can log in. */}}
{{- define "heimdall-pr.check.anyLogin" -}}
{{- $local := include "heimdall-pr.setting" (list . "LOCAL_LOGIN_DISABLED") | default (get .config "LOCAL_LOGIN_DISABLED") -}}
{{- if and (eq (lower $local) "true") (not .providers) -}}
{{- $on := false -}}
{{- range .everyProvider -}}
{{- $switch := first .variables -}}
{{- $secret := has $switch ($.root.Values.heimdall.extraSecretKeys | default list) -}}
{{- $on = or $on $secret (include "heimdall-pr.isOn" (list $ $switch)) -}}
{{- end -}}
{{- if not $on -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  "%s.login.localDisabled is true (LOCAL_LOGIN_DISABLED), and no login of %s.auth is enabled: nobody could log in."
  .valuesPath .valuesPath)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list NAMES GIVEN): those of NAMES that are not in GIVEN, comma-separated. */}}
{{- define "heimdall-pr.lacking" -}}
{{- $given := last . -}}
{{- $lacking := list -}}
{{- range first . -}}
{{- if not (has . $given) -}}{{- $lacking = append $lacking . -}}{{- end -}}
{{- end -}}
{{- join "," $lacking -}}
{{- end -}}
