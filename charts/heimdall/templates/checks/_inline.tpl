{{/* The values of the approach "inline", without ever printing one. */}}

{{- define "heimdall-pr.check.inline" -}}
{{- $path := printf "%s.secrets" .valuesPath -}}
{{- $secrets := .root.Values.heimdall.secrets -}}
{{- if ne .approach "inline" -}}
{{- else if not (kindIs "map" $secrets) -}}
{{- include "heimdall-pr.refuse" (list $ (printf "%s is not a mapping of keys to strings." $path)) -}}
{{- else -}}
{{- $required := keys .sources -}}
{{- range $spec := .expected -}}
{{- $required = append $required .key -}}
{{- with include "heimdall-pr.bad.required" (list $.policy (index $secrets .key)) -}}
{{- $expected := $spec.expected -}}
{{- if hasPrefix "holds a variable" . -}}
{{- $expected = printf "%d characters, write exactly ${%s}, with nothing around it" (int $spec.length) $spec.key -}}
{{- end -}}
{{- include "heimdall-pr.refuse" (list $ (printf "%s: %s %s; expected: %s" $path $spec.key . $expected)) -}}
{{- end -}}
{{- end -}}
{{- range $key, $value := $secrets -}}
{{- if not (has $key $required) -}}
{{- with include "heimdall-pr.bad.other" (dict "facts" $ "key" $key "value" $value) -}}
{{- include "heimdall-pr.refuse" (list $ (printf "%s: %s" $path .)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list POLICY VALUE): what is wrong with a required key's value, or nothing. */}}
{{- define "heimdall-pr.bad.required" -}}
{{- $policy := first . -}}
{{- $value := last . -}}
{{- if kindIs "invalid" $value -}}is missing
{{- else if not (kindIs "string" $value) -}}{{- include "heimdall-pr.bad.kind" . -}}
{{- else if include "heimdall-pr.fromEnvironment" $value -}}
{{- else if not (trim $value) -}}is empty
{{- else -}}
{{- include "heimdall-pr.bad.known" . | default (include "heimdall-pr.bad.strength" .) -}}
{{- end -}}
{{- end -}}

{{/* (list POLICY VALUE): what no known key may have, required or not. A byte that is not
     UTF-8 counts as U+FFFD in a pattern. */}}
{{- define "heimdall-pr.bad.known" -}}
{{- $value := last . -}}
{{- if contains "\x00" $value -}}holds a NUL byte
{{- else if mustRegexMatch `\x{FFFD}` (replace "\uFFFD" "x" $value) -}}is not UTF-8
{{- else if include "heimdall-pr.matches" (list (first .).unexpanded (trim $value)) -}}
holds a variable, command or template that nothing replaced
{{- else if include "heimdall-pr.matches" (list (first .).placeholders (trim $value)) -}}
is a placeholder or a value printed in public documentation
{{- end -}}
{{- end -}}

{{/* (list POLICY VALUE): what no required key may have: a pattern of a rule, too few characters, too few different ones. */}}
{{- define "heimdall-pr.bad.strength" -}}
{{- $value := last . -}}
{{- $bad := "" -}}
{{- with first . -}}
{{- range .patterns -}}
{{- if and (not $bad) (mustRegexMatch .pattern $value) -}}{{- $bad = .what -}}{{- end -}}
{{- end -}}
{{- $rest := $value -}}
{{- range until (int .limits.fewestDifferent | add -1 | int) -}}
{{- $rest = replace (mustRegexFind `(?s)\A.?` $rest | default "\x00") "" $rest -}}
{{- end -}}
{{- $length := len (splitList "" $value) -}}
{{- if $bad -}}{{- $bad -}}
{{- else if lt $length (int .limits.shortest) -}}has only {{ $length }} character{{ ternary "" "s" (eq $length 1) }}
{{- else if not $rest -}}has fewer than {{ .limits.fewestDifferent }} different characters
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

{{/* {facts, key, value}: the same for any other key. Its name is shown only if it is a known one or close to it: a secret may have
     been written where a name should be. A certificate may end in a line break. */}}
{{- define "heimdall-pr.bad.other" -}}
{{- $policy := .facts.policy -}}
{{- $known := has .key .facts.optional -}}
{{- $name := ternary .key "an unknown key" $known -}}
{{- $meant := "" -}}
{{- if not $known -}}
{{- $meant = include "heimdall-pr.meant" (list .facts .key) -}}
{{- end -}}
{{- $isName := and (mustRegexMatch `\A[-._a-zA-Z0-9]+\z` .key) (le (len .key) (int $policy.limits.keyName)) -}}
{{- if $meant -}}
unknown key {{ .key }}: did you mean {{ $meant }}? (if not, add it to {{ .facts.valuesPath }}.extraSecretKeys)
{{- else if not $isName -}}
a key is no name that a Secret's key can have (letters, digits, '-', '_' and '.', at most {{ $policy.limits.keyName }})
{{- else if not (kindIs "string" .value) -}}{{ $name }} {{ include "heimdall-pr.bad.kind" . }}
{{- else if include "heimdall-pr.fromEnvironment" .value -}}
{{- else -}}
{{- $bad := "" -}}
{{- if has .key $policy.optional -}}
{{- $bad = include "heimdall-pr.bad.known" (list $policy .value) -}}
{{- end -}}
{{- range $policy.patterns -}}
{{- if and (eq .rule "trailing-newline") (mustRegexMatch .pattern $.value) (not (contains "-BEGIN" $.value)) -}}
{{- $bad = $bad | default .what -}}
{{- end -}}
{{- end -}}
{{- with $bad }}{{ $name }} {{ . }}{{- end -}}
{{- end -}}
{{- end -}}

{{- define "heimdall-pr.bad.kind" -}}
is not a string (write it in quotes, or use --set-string)
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
{{- if and (ge (int $found) (int .fewest)) (mustRegexMatch .pattern $key) -}}{{- $meant = .key -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $meant -}}
{{- end -}}
