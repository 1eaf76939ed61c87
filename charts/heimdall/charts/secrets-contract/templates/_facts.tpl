{{/* What a chart's author says of its secrets, and what follows from it and from the user's values.

     All templates here take FACTS, a mapping that a file of the chart makes once:

       {{- $secrets := include "secrets-contract.v1.facts" (list . "shop.secrets") | fromJson -}}

     `shop.secrets` is a template of the author's, which prints SPEC as YAML (docs/library.md has every field). FACTS contains
     values of the user's, so that it is never rendered. It is:

       spec         SPEC
       library      the version of the library that the chart has, if Helm says it
       block        what of the values at `spec.values` is about secrets; path: spec.values; valuesPath: the same from the root chart
       prefix       what comes before the path of every value of the chart: nothing, or the alias and a dot
       namespace    of the objects and Secrets: spec.namespace, else the release's; releaseNamespace; release: its name
       fullname     spec.name; title: what the application is called
       verify       whether Secrets of the cluster may be looked up
       approach     existing, inline or files; ignored: the lower-precedence values that are set, comma-separated
       ownSecret    the name of the Secret that the chart makes; secret: the name of the one that is used
       options      {gate, policy, postRenderer}; paths: where they are in the values; demanded: whether the post-renderer is required;
                    gated: whether there is a gate
       declared     [KEY], the keys that the contract calls required
       required     [{key, length, expected, word}]: expected is what a value is, word a word of a shell command that makes one
       optional     [KEY]; known: all keys, the required ones first
       sources      {KEY: {secret, key}}, of the values' `keys` alone; from: the same for every known key
       expected     the required keys that are in `secret`; secretNames: all Secrets that are read
       data         {KEY: text} of the chart's own Secret; waits: it needs the post-renderer

     What only some templates need is set when they include the helper: `facts.rules` sets rules, `produced` sets objects, produced,
     owned and filled, `existing` sets state, bad and renamed, and `facts.before` sets before, the live contract. */}}

{{/* (list ROOT SPEC): the facts as JSON. SPEC is the mapping, or the name of the template that prints it. */}}
{{- define "secrets-contract.v1.facts" -}}
{{- $root := first . -}}
{{- $spec := last . -}}
{{- if kindIs "string" $spec -}}
{{- $spec = include $spec $root | fromYaml -}}
{{- with get $spec "Error" -}}
{{- fail (printf "\n\n%s: the template %s is no YAML: %s\n" $root.Chart.Name (last $) .) -}}
{{- end -}}
{{- end -}}
{{- include "secrets-contract.v1.check.shape" (list $root $spec (ternary (last .) "a mapping" (kindIs "string" (last .)))) -}}
{{- $facts := dict "spec" $spec -}}
{{- $_ := include "secrets-contract.v1.facts.set" (list $root $facts) -}}
{{- toJson $facts -}}
{{- end -}}

{{/* (list ROOT FACTS): sets everything that follows from FACTS.spec. */}}
{{- define "secrets-contract.v1.facts.set" -}}
{{- range list "base" "keys" "sources" "data" -}}
{{- $_ := include (printf "secrets-contract.v1.facts.%s" .) $ -}}
{{- end -}}
{{- end -}}

{{/* (list ROOT FACTS): sets what does not depend on the keys. A chart whose keys depend on the approach sets them after this. */}}
{{- define "secrets-contract.v1.facts.base" -}}
{{- $root := first . -}}
{{- $facts := last . -}}
{{- range list "application" "values" "name" -}}
{{- if not (get $facts.spec .) -}}
{{- fail (printf "\n\n%s: the chart's list of secrets has no %s: docs/library.md has every field\n" $root.Chart.Name .) -}}
{{- end -}}
{{- end -}}
{{- with get ($root.Subcharts | default dict) "secrets-contract" -}}
{{- $_ := set $facts "library" .Chart.Version -}}
{{- end -}}
{{- $_ := set $facts "releaseNamespace" $root.Release.Namespace -}}
{{- $_ := set $facts "namespace" ($facts.spec.namespace | default $root.Release.Namespace) -}}
{{- $_ := set $facts "release" $root.Release.Name -}}
{{- $_ := set $facts "prefix" (include "secrets-contract.v1.prefix" $root) -}}
{{- $_ := set $facts "path" $facts.spec.values -}}
{{- $_ := set $facts "valuesPath" (printf "%s%s" $facts.prefix $facts.path) -}}
{{- $_ := set $facts "fullname" $facts.spec.name -}}
{{- $_ := set $facts "title" ($facts.spec.title | default $facts.spec.application) -}}
{{- $_ := include "secrets-contract.v1.facts.block" . -}}
{{- $_ := include "secrets-contract.v1.facts.approach" . -}}
{{- end -}}

{{/* The version of these templates; that of Chart.yaml. */}}
{{- define "secrets-contract.v1.release" -}}
1.0.0
{{- end -}}

{{/* (FACTS): sets rules, the rules' data; not again if that was done before. */}}
{{- define "secrets-contract.v1.facts.rules" -}}
{{- if not (hasKey . "rules") -}}
{{- $_ := set . "rules" (include "secrets-contract.v1.rules" . | fromJson) -}}
{{- end -}}
{{- end -}}
