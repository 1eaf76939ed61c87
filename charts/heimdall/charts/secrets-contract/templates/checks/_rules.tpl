{{/* The rules about a value, as heimdall-pr has them. Formats are left to it, and to the gate. */}}

{{/* {facts, key, value}: what is wrong with the text of a key, or nothing. The kind says which rules apply (docs/contract.md); what a
     third party gave is no weaker for being short. A key that is not known may be anything, but for a line break at its end. */}}
{{- define "secrets-contract.v1.bad.text" -}}
{{- $rules := .facts.rules -}}
{{- $said := get .facts.spec.keys .key | default dict -}}
{{- $kind := ternary ($said.kind | default "password") "" (has .key .facts.known) -}}
{{- $bad := "" -}}
{{- if not (has $kind (list "" "binary")) -}}{{- $bad = include "secrets-contract.v1.bad.bytes" .value -}}{{- end -}}
{{- if and (not $bad) (has $kind (list "password" "token" "hash" "pem" "text")) -}}
{{- $bad = include "secrets-contract.v1.bad.known" (list $rules .value) -}}
{{- end -}}
{{- if $bad -}}
{{- else if and (has $kind (list "password" "token" "text")) (ne (toString $said.issuer) "third-party") -}}
{{- $bad = include "secrets-contract.v1.bad.strength" (list $rules $said .value) -}}
{{- else if has $kind (list "password" "token" "hash") -}}
{{- $bad = include "secrets-contract.v1.bad.pattern" (list $rules $said .value) -}}
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
{{- else if has (trim $value) (ternary $said.forbidden list (kindIs "slice" $said.forbidden)) -}}is a published default
{{- end -}}
{{- end -}}

{{/* (VALUE): what no text may have. A byte that is not UTF-8 counts as U+FFFD in a pattern. */}}
{{- define "secrets-contract.v1.bad.bytes" -}}
{{- if contains "\x00" . -}}holds a NUL byte
{{- else if mustRegexMatch `\x{FFFD}` (replace "\uFFFD" "x" .) -}}is not UTF-8
{{- end -}}
{{- end -}}

{{/* (list RULES VALUE): what no known key may have, required or not. */}}
{{- define "secrets-contract.v1.bad.known" -}}
{{- $value := last . -}}
{{- if include "secrets-contract.v1.matches" (list (first .).unexpanded (mustRegexReplaceAll (first .).inline (trim $value) "")) -}}
holds a variable, command or template that nothing replaced
{{- else if include "secrets-contract.v1.matches" (list (first .).unresolved (trim $value)) -}}
is encrypted, or a reference that nothing replaced
{{- else if include "secrets-contract.v1.matches" (list (first .).placeholders (trim $value)) -}}
is a placeholder or a value printed in public documentation
{{- end -}}
{{- end -}}

{{/* (list RULES SAID VALUE): what no password may have, by the pattern of a rule. An address may be asked for, and a file of logins. */}}
{{- define "secrets-contract.v1.bad.pattern" -}}
{{- $value := last . -}}
{{- $form := toString (index . 1).format -}}
{{- $bad := "" -}}
{{- range (first .).patterns -}}
{{- $asked := and (ne .rule "placeholder") (or (eq $form "htpasswd") (and (eq $form "url") (eq .rule "not-a-password"))) -}}
{{- if and (not $bad) (not $asked) (mustRegexMatch .pattern $value) -}}{{- $bad = .what -}}{{- end -}}
{{- end -}}
{{- $bad -}}
{{- end -}}

{{/* (list RULES SAID VALUE): what no required key may have: a pattern of a rule, another length than is said of the key, else too few
     characters, too few different ones, a few again and again. */}}
{{- define "secrets-contract.v1.bad.strength" -}}
{{- $value := last . -}}
{{- $bad := include "secrets-contract.v1.bad.pattern" . | default (include "secrets-contract.v1.bad.said" (rest .)) -}}
{{- $measured := omit (include "secrets-contract.v1.length" (index . 1) | fromJson) "recommended" -}}
{{- with first . -}}
{{- $isShort := lt (len (splitList "" $value)) (int .limits.shortest) -}}
{{- $fewest := ternary 2 (int .limits.fewestDifferent) (and $isShort (not (empty $measured))) -}}
{{- $rest := $value -}}
{{- range until (sub $fewest 1 | int) -}}
{{- $rest = replace (mustRegexFind `(?s)\A.?` $rest | default "\x00") "" $rest -}}
{{- end -}}
{{- $length := len (splitList "" $value) -}}
{{- if $bad -}}{{- $bad -}}
{{- else if and $isShort (empty $measured) -}}has only {{ $length }} character{{ ternary "" "s" (eq $length 1) }}
{{- else if not $rest -}}has fewer than {{ $fewest }} different characters
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
