{{/* The rules about a value and about the name of a key, as the policy has them. */}}

{{/* (list FACTS KEY): the known key that an unknown one is taken for: an older chart's name of it, or the first one that it is a near
     miss of. Sets nearMisses. */}}
{{- define "heimdall-pr.meant" -}}
{{- $facts := first . -}}
{{- $key := last . -}}
{{- $_ := include "heimdall-pr.facts.policy" $facts -}}
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
