{{/* The rules about a value, as heimdall-pr has them. Formats are left to it, and to the gate. */}}

{{/* {facts, key, value}: what is wrong with the text of a key, or nothing. The kind says which rules apply (docs/contract.md); what a
     third party gave is no weaker for being short. A key that is not known may be anything, but for a line break at its end. */}}
{{- define "secrets-contract.v1.bad.text" -}}
{{- $rules := .facts.rules -}}
{{- $said := get .facts.spec.keys .key | default dict -}}
{{- $kind := ternary ($said.kind | default "password") "" (has .key .facts.known) -}}
{{- $bad := "" -}}
{{- if has $kind (list "password" "token" "hash" "pem" "text") -}}
{{- $bad = include "secrets-contract.v1.bad.known" (list $rules .value) -}}
{{- end -}}
{{- if $bad -}}
{{- else if and (has $kind (list "password" "token" "text")) (ne (toString $said.issuer) "third-party") -}}
{{- $bad = include "secrets-contract.v1.bad.strength" (list $rules .value) -}}
{{- else if and (has $kind (list "password" "token" "hash")) (ne (toString $said.format) "htpasswd") (trim .value) -}}
{{- $bad = include "secrets-contract.v1.bad.pattern" (list $rules .value) -}}
{{- else if and (not $kind) (not (contains "-BEGIN" .value)) -}}
{{- range $rules.patterns -}}
{{- if and (eq .rule "trailing-newline") (mustRegexMatch .pattern $.value) -}}{{- $bad = .what -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- $bad | default (include "secrets-contract.v1.bad.said" (list $said .value)) -}}
{{- end -}}

{{/* (list SAID VALUE): what is wrong by the lengths and the published defaults of a key. */}}
{{- define "secrets-contract.v1.bad.said" -}}
{{- $value := last . -}}
{{- $said := first . -}}
{{- $count := ternary (len $value) (len (splitList "" $value)) (eq (toString $said.kind) "binary") -}}
{{- $length := include "secrets-contract.v1.length" $said | fromJson -}}
{{- $sizes := list -}}
{{- range $length.in | default (ternary (list $length.exact) list (hasKey $length "exact")) -}}
{{- $sizes = append $sizes (int .) -}}
{{- end -}}
{{- if lt $count (int $length.min) -}}has only {{ $count }} character{{ ternary "" "s" (eq $count 1) }}
{{- else if and $sizes (not (has $count $sizes)) -}}has {{ $count }} character{{ ternary "" "s" (eq $count 1) }}
{{- else if has $value (ternary $said.forbidden list (kindIs "slice" $said.forbidden)) -}}is a published default
{{- end -}}
{{- end -}}

{{/* (list RULES VALUE): what no known key may have, required or not. A byte that is not
     UTF-8 counts as U+FFFD in a pattern. */}}
{{- define "secrets-contract.v1.bad.known" -}}
{{- $value := last . -}}
{{- if contains "\x00" $value -}}holds a NUL byte
{{- else if mustRegexMatch `\x{FFFD}` (replace "\uFFFD" "x" $value) -}}is not UTF-8
{{- else if include "secrets-contract.v1.matches" (list (first .).unexpanded (mustRegexReplaceAll (first .).inline (trim $value) "")) -}}
holds a variable, command or template that nothing replaced
{{- else if include "secrets-contract.v1.matches" (list (first .).unresolved (trim $value)) -}}
is encrypted, or a reference that nothing replaced
{{- else if include "secrets-contract.v1.matches" (list (first .).placeholders (trim $value)) -}}
is a placeholder or a value printed in public documentation
{{- end -}}
{{- end -}}

{{/* (list RULES VALUE): what no password may have, by the pattern of a rule. */}}
{{- define "secrets-contract.v1.bad.pattern" -}}
{{- $value := last . -}}
{{- $bad := "" -}}
{{- range (first .).patterns -}}
{{- if and (not $bad) (mustRegexMatch .pattern $value) -}}{{- $bad = .what -}}{{- end -}}
{{- end -}}
{{- $bad -}}
{{- end -}}

{{/* (list RULES VALUE): what no required key may have: a pattern of a rule, too few characters, too few different ones, a
     few again and again. */}}
{{- define "secrets-contract.v1.bad.strength" -}}
{{- $value := last . -}}
{{- $bad := include "secrets-contract.v1.bad.pattern" . -}}
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
{{- define "secrets-contract.v1.matches" -}}
{{- $text := last . -}}
{{- $found := false -}}
{{- range first . -}}
{{- $found = or $found (mustRegexMatch . $text) -}}
{{- end -}}
{{- if $found -}}true{{- end -}}
{{- end -}}
