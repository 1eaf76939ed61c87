{{/* Names that the chart does not have: those of older charts, values at the wrong place, and misspelt ones. The schema lets them all
     through, so that one round reports everything, each with what to write now. No value is shown. */}}

{{- define "heimdall-pr.check.unknown" -}}
{{- $older := dict "secrets" (deepCopy .policy.legacy) -}}
{{- range list "olderValues" "olderShapes" "commonValues" -}}
{{- $_ := mergeOverwrite $older (include (printf "heimdall-pr.%s" .) $ | fromYaml) -}}
{{- end -}}
{{- $_ := set . "older" $older -}}
{{- $_ := include "heimdall-pr.facts.valueNames" . -}}
{{- include "heimdall-pr.check.names.of" (list . .root.Values .valueNames "") -}}
{{- end -}}

{{/* (list FACTS VALUES NAMES PATH): what is below that path. NAMES has an entry for each name: a mapping if there are fixed names below
     it too, or 0. The name `[]` is for each entry of a list, `*` for each name of a map. */}}
{{- define "heimdall-pr.check.names.of" -}}
{{- $facts := first . -}}
{{- $values := index . 1 -}}
{{- $names := index . 2 -}}
{{- $path := last . -}}
{{- range $name, $value := kindIs "slice" $values | ternary dict $values -}}
{{- $below := get $names (ternary $name "*" (hasKey $names $name)) -}}
{{- $place := printf "%s.%s" $path $name | trimPrefix "." -}}
{{- if kindIs "map" $below -}}
{{- include "heimdall-pr.check.below" (list $facts $value $below $place) -}}
{{- else if not (or (hasKey $names $name) (kindIs "invalid" $value)) -}}
{{- include "secrets-contract.v1.refuse" (list $facts (include "heimdall-pr.text.unknown" (list $facts $names $path $name))) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS VALUE NAMES PATH): the same for one value, a mapping or a list of them. */}}
{{- define "heimdall-pr.check.below" -}}
{{- $facts := first . -}}
{{- $names := index . 2 -}}
{{- $path := last . -}}
{{- if kindIs "map" (index . 1) -}}
{{- include "heimdall-pr.check.names.of" . -}}
{{- else if kindIs "slice" (index . 1) -}}
{{- range $i, $entry := index . 1 -}}
{{- if and (kindIs "map" $entry) (hasKey $names "[]") -}}
{{- include "heimdall-pr.check.names.of" (list $facts $entry (get $names "[]") (printf "%s[%d]" $path $i)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS NAMES PATH NAME): the sentence. A name that can't be one of a value is not shown: it may be a secret. */}}
{{- define "heimdall-pr.text.unknown" -}}
{{- $facts := first . -}}
{{- $name := last . -}}
{{- $place := printf "%s.%s" (index . 2) $name | trimPrefix "." -}}
{{- $problem := "is not a value of this chart" -}}
{{- $fix := "Leave it out" -}}
{{- $kind := regexReplaceAll `\Aprobes\.[a-z]+\.` (regexReplaceAll `\[[0-9]+\]` $place "[]") "probes.*." -}}
{{- $older := $facts.older -}}
{{- $now := get $older.values $kind | default (get $older.common $kind) -}}
{{- if or (hasKey $older.values $kind) (hasKey $older.secrets $kind) -}}
{{- $problem = "is a value of an older chart" -}}
{{- end -}}
{{- if and (eq $place "sops") (include "secrets-contract.v1.at" (list $facts.root.Values "sops.mac")) -}}
{{- $problem = "is what SOPS adds: a values file is encrypted" -}}
{{- $fix = "Decrypt it for helm: sops exec-file FILE 'helm install RELEASE CHART --values {}'" -}}
{{- else if hasKey $older.secrets $kind -}}
{{- $key := get $older.secrets $kind -}}
{{- $values := $facts.valuesPath -}}
{{- $fix = printf "Write now: %s.secrets.%s, or put %s into the Secret that %s.existingSecret names" $values $key $key $values -}}
{{- else if hasPrefix "nothing" $now -}}
{{- $fix = print "Leave it out" (trimPrefix "nothing" $now) -}}
{{- else if $now -}}
{{- $fix = printf "Write now: %s%s" $facts.prefix $now -}}
{{- else -}}
{{- with include "heimdall-pr.misplaced" (list $facts (index . 2) $name) -}}
{{- $problem = "is at the wrong place" -}}
{{- $fix = printf "Write now: %s%s" $facts.prefix . -}}
{{- else with include "heimdall-pr.misspelt" . -}}
{{- $fix = printf "Did you mean %s%s?" $facts.prefix . | trimSuffix "." -}}
{{- end -}}
{{- end -}}
{{- $shown := ternary $place (printf "%s: a name, not shown," (index . 2)) (regexMatch `\A[A-Za-z_][-_.A-Za-z0-9]{0,62}\z` $name) -}}
{{- printf "%s%s %s. %s" $facts.prefix $shown $problem $fix }}{{ ternary "" "." (hasSuffix "?" $fix) -}}
{{- end -}}

{{/* (list FACTS PATH NAME): where a value belongs that is at the root or in `heimdall`, and is known in the other one; a secret's name and
     a setting's are, too. */}}
{{- define "heimdall-pr.misplaced" -}}
{{- $facts := first . -}}
{{- $name := last . -}}
{{- $path := index . 1 -}}
{{- if not (has $path (list "" "heimdall")) -}}
{{- else if has $name $facts.known -}}heimdall.secrets.{{ $name }}
{{- else if has $name $facts.policy.settings -}}heimdall.config.{{ $name }}
{{- else if and $path (hasKey $facts.valueNames $name) -}}{{ $name }}
{{- else if and (not $path) (hasKey $facts.valueNames.heimdall $name) -}}heimdall.{{ $name }}
{{- end -}}
{{- end -}}

{{/* (list FACTS NAMES PATH NAME): the known name beside it that was meant, as for existing-secret. */}}
{{- define "heimdall-pr.misspelt" -}}
{{- with include "secrets-contract.v1.close" (list (last .) (keys (index . 1) | sortAlpha)) -}}
{{- printf "%s.%s" (index $ 2) . | trimPrefix "." -}}
{{- end -}}
{{- end -}}
