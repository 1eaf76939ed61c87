{{/* The rules about a value and about the name of a key, as the policy has them. */}}

{{/* {facts, key, value}: what is wrong with the text of a key, or nothing. What a login's provider gave is no weaker for being short:
     only the keys of the policy are measured. A certificate may end in a line break. */}}
{{- define "heimdall-pr.bad.text" -}}
{{- $policy := .facts.policy -}}
{{- $bad := "" -}}
{{- $measured := false -}}
{{- range $policy.keys -}}
{{- $measured = or $measured (eq .name $.key) -}}
{{- end -}}
{{- $known := has .key $policy.optional -}}
{{- if or $measured $known -}}
{{- $bad = include "heimdall-pr.bad.known" (list $policy .value) -}}
{{- end -}}
{{- if $bad -}}
{{- else if $measured -}}
{{- $bad = include "heimdall-pr.bad.strength" (list $policy .value) -}}
{{- else if and (has .key $policy.passwords) (trim .value) -}}
{{- $bad = include "heimdall-pr.bad.pattern" (list $policy .value) -}}
{{- else if not (or $known (has .key .facts.optional) (contains "-BEGIN" .value)) -}}
{{- range $policy.patterns -}}
{{- if and (eq .rule "trailing-newline") (mustRegexMatch .pattern $.value) -}}{{- $bad = .what -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- $bad -}}
{{- end -}}

{{/* (list POLICY VALUE): what no known key may have, required or not. A byte that is not
     UTF-8 counts as U+FFFD in a pattern. */}}
{{- define "heimdall-pr.bad.known" -}}
{{- $value := last . -}}
{{- if contains "\x00" $value -}}holds a NUL byte
{{- else if mustRegexMatch `\x{FFFD}` (replace "\uFFFD" "x" $value) -}}is not UTF-8
{{- else if include "heimdall-pr.matches" (list (first .).unexpanded (mustRegexReplaceAll (first .).inline (trim $value) "")) -}}
holds a variable, command or template that nothing replaced
{{- else if include "heimdall-pr.matches" (list (first .).unresolved (trim $value)) -}}
is encrypted, or a reference that nothing replaced
{{- else if include "heimdall-pr.matches" (list (first .).placeholders (trim $value)) -}}
is a placeholder or a value printed in public documentation
{{- end -}}
{{- end -}}

{{/* (list POLICY VALUE): what no password may have, by the pattern of a rule. */}}
{{- define "heimdall-pr.bad.pattern" -}}
{{- $value := last . -}}
{{- $bad := "" -}}
{{- range (first .).patterns -}}
{{- if and (not $bad) (mustRegexMatch .pattern $value) -}}{{- $bad = .what -}}{{- end -}}
{{- end -}}
{{- $bad -}}
{{- end -}}

{{/* (list POLICY VALUE): what no required key may have: a pattern of a rule, too few characters, too few different ones, a
     few again and again. */}}
{{- define "heimdall-pr.bad.strength" -}}
{{- $value := last . -}}
{{- $bad := include "heimdall-pr.bad.pattern" . -}}
{{- with first . -}}
{{- $rest := $value -}}
{{- range until (int .limits.fewestDifferent | add -1 | int) -}}
{{- $rest = replace (mustRegexFind `(?s)\A.?` $rest | default "\x00") "" $rest -}}
{{- end -}}
{{- $length := len (splitList "" $value) -}}
{{- if $bad -}}{{- $bad -}}
{{- else if lt $length (int .limits.shortest) -}}has only {{ $length }} character{{ ternary "" "s" (eq $length 1) }}
{{- else if not $rest -}}has fewer than {{ .limits.fewestDifferent }} different characters
{{- else -}}
{{- $shortest := .limits.shortest -}}
{{- range $size := untilStep 1 (int $shortest) 1 -}}
{{- if and (not $bad) (ge $length (mul 3 $size | int)) (hasPrefix (mustRegexReplaceAll (printf `(?s)\A.{%d}` $size) $value "") $value) -}}
{{- $bad = printf "repeats fewer than %d characters" (int $shortest) -}}
{{- end -}}
{{- end -}}
{{- $bad -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list PATTERNS TEXT): "true" if one of them matches. */}}
{{- define "heimdall-pr.matches" -}}
{{- $text := last . -}}
{{- $found := false -}}
{{- range first . -}}
{{- $found = or $found (mustRegexMatch . $text) -}}
{{- end -}}
{{- if $found -}}true{{- end -}}
{{- end -}}

{{/* (list FACTS KEY): the known key that an unknown one is taken for: an older chart's name of it, or the first one that it is a near
     miss of. Sets nearMisses. */}}
{{- define "heimdall-pr.meant" -}}
{{- $facts := first . -}}
{{- $key := last . -}}
{{- $meant := get $facts.policy.legacy $key -}}
{{- if not (or $meant (has $key $facts.known)) -}}
{{- if not (hasKey $facts "nearMisses") -}}
{{- $_ := set $facts "nearMisses" (include "heimdall-pr.policy.nearMisses" . | fromJsonArray) -}}
{{- end -}}
{{- $length := len (splitList "" $key) -}}
{{- $upper := upper $key -}}
{{- range $facts.nearMisses -}}
{{- $longer := sub $length (len .key) | int -}}
{{- if and (not $meant) (le $longer (int .edits)) (ge $longer (int .edits | mul -1 | int)) -}}
{{- $found := 0 -}}
{{- range .parts -}}
{{- if contains . $upper -}}{{- $found = add1 $found -}}{{- end -}}
{{- end -}}
{{- if and (ge (int $found) (int .fewest)) (mustRegexMatch .pattern $key) -}}{{- $meant = .means | default .key -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $meant -}}
{{- end -}}
