{{/* What the templates need to know, worked out in one place. */}}

{{/* The facts as JSON. A file decodes them at most once, adds the root, and hands the dict to the other helpers:

       {{- $facts := set (include "heimdall-pr.facts" . | fromJson) "root" . -}}

     A helper that takes FACTS gets this dict. It is what the library chart makes of Heimdall's list of secrets
     (charts/secrets-contract/templates/_facts.tpl says what is in it), and:

       policy       what Heimdall's keys are (`heimdall-pr.policy`); it is not in the JSON
       embedded     whether the chart has the database
       logins       logins: [{key, what, login}], what the logins that are on need in the Secret
       keys         spec.keys and spec.order; databaseFrom: [VARIABLE], the settings of the database that come from a Secret
       authorities  authorities: {VOLUME: {from, sources, bundled, variable, path, file}}; caVariables: {VARIABLE: file}
       addresses    hosts, externalUrl

     What only a few templates need is set when they include the helper: `heimdall-pr.config` sets providers and config,
     `heimdall-pr.objects` objects, `heimdall-pr.facts.policy` policy, `heimdall-pr.meant` nearMisses, `heimdall-pr.facts.living`
     recorded, formerNames, living, other and made, `heimdall-pr.facts.valueNames` valueNames, and `heimdall-pr.facts.before` before,
     the live contract. No value of a live Secret is in the dict. */}}
{{- define "heimdall-pr.facts" -}}
{{- $facts := dict "root" . "spec" (include "heimdall-pr.secrets" . | fromJson) -}}
{{- $_ := include "secrets-contract.v1.facts.base" (list . $facts) -}}
{{- range list "policy" "embedded" "logins" "keys" -}}
{{- $_ := include (printf "heimdall-pr.facts.%s" .) $facts -}}
{{- end -}}
{{- range list "keys" "sources" "data" -}}
{{- $_ := include (printf "secrets-contract.v1.facts.%s" .) (list $ $facts) -}}
{{- end -}}
{{- range list "authorities" "addresses" -}}
{{- $_ := include (printf "heimdall-pr.facts.%s" .) $facts -}}
{{- end -}}
{{- omit $facts "root" "policy" "rules" "objects" "produced" "owned" "filled" "everyProvider" | toJson -}}
{{- end -}}
