{{/* What the templates need to know, worked out in one place. */}}

{{/* The facts as JSON. A file decodes them at most once, adds the root, and hands the dict to the other helpers:

       {{- $facts := set (include "heimdall-pr.facts" . | fromJson) "root" . -}}

     A helper that takes FACTS gets this dict; each part below reads what the parts before it have set, and sets:

       names        prefix and valuesPath (where the user's values are), fullname
       policy       what of the rules' data everything needs (`heimdall-pr.policy`); it is not in the JSON
       approach     approach, ignored, embedded, gated; ownSecret, secret: the names of the chart's own and of the used Secret
       logins       logins: [{key, what, login}], what the logins that are on need in the Secret
       required     required: [{key, length, expected, word}]
       optional     optional: [KEY]; known: all keys, the required ones first; databaseFrom: [VARIABLE], that come from a Secret
       sources      sources: {VARIABLE: {secret, key}}, of heimdall.keys alone; from: the same for every known variable;
                    expected: the required keys that are in `secret`; secretNames: all Secrets that are read
       data         data: {KEY: text} of the chart's own Secret; waits: it needs the post-renderer
       authorities  authorities: {VOLUME: {from, sources, bundled, variable, path, file}}; caVariables: {VARIABLE: file}
       addresses    hosts, externalUrl

     What only a few templates need is set when they include the helper: `heimdall-pr.config` sets providers and config,
     `heimdall-pr.produced` sets objects, produced, owned and filled, `heimdall-pr.facts.policy` sets policy, `heimdall-pr.meant`
     nearMisses, `heimdall-pr.existing` state and bad, `heimdall-pr.facts.living` recorded, formerNames, living, other and made,
     `heimdall-pr.facts.valueNames` valueNames, and
     `heimdall-pr.facts.before` before, the live contract. No value of a live Secret is in the dict. */}}
{{- define "heimdall-pr.facts" -}}
{{- $facts := dict "root" . -}}
{{- range list "names" "policy" "approach" "logins" "required" "optional" "sources" "data" "authorities" "addresses" -}}
{{- $_ := include (printf "heimdall-pr.facts.%s" .) $facts -}}
{{- end -}}
{{- omit $facts "root" "policy" "objects" "produced" "owned" "filled" "everyProvider" | toJson -}}
{{- end -}}
