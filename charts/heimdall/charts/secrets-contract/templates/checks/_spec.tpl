{{/* What the chart's author, and the user in the values, wrote: names that are none are refused, with the one that was meant. */}}

{{- define "secrets-contract.v1.check.spec" -}}
{{- $known := dict
  "" (list "application" "title" "values" "name" "namespace" "secret" "order" "keys" "oneOf" "together" "equal" "fixed" "labels"
    "componentLabels" "contractLabels" "contract" "gate" "policy" "postRenderer" "objects" "volumes" "file" "generate" "meant"
    "extraKeys" "paths" "skip")
  "keys" (list "kind" "length" "format" "forbidden" "optional" "issuer" "rotation" "filledBy" "variable" "expected" "word") -}}
{{- range $name := keys .spec | sortAlpha -}}
{{- include "secrets-contract.v1.unknown" (list $ $name (get $known "") "the chart's list of secrets has a field") -}}
{{- end -}}
{{- range $name := keys (.spec.componentLabels | default dict) | sortAlpha -}}
{{- include "secrets-contract.v1.unknown" (list $ $name (list "contract" "gate" "gatePod" "policy")
  "the chart's list of secrets: componentLabels has") -}}
{{- end -}}
{{- range $key, $said := .spec.keys -}}
{{- range $name := keys ($said | default dict) | sortAlpha -}}
{{- $where := printf "the chart's list of secrets: %s has a field" $key -}}
{{- include "secrets-contract.v1.unknown" (list $ $name (get $known "keys") $where) -}}
{{- end -}}
{{- end -}}
{{- $kinds := list "password" "token" "username" "pem" "config" "binary" "hash" -}}
{{- range $key, $said := .spec.keys -}}
{{- if not (include "secrets-contract.v1.isKey" $key) -}}
{{- include "secrets-contract.v1.refuse" (list $ "the chart's list of secrets: a key is no name that a Secret's key can have") -}}
{{- end -}}
{{- with ($said | default dict).kind -}}
{{- if not (has . $kinds) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  "the chart's list of secrets: the kind of %s is none of %s" $key (join ", " $kinds))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range concat (include "secrets-contract.v1.grouped" . | fromJsonArray) (keys (.spec.equal | default dict)) | uniq -}}
{{- if not (hasKey $.spec.keys .) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "the chart's list of secrets: a group names %s, which is none of its keys" .)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (FACTS): the templates that Helm takes are not older than those that the chart has. */}}
{{- define "secrets-contract.v1.check.library" -}}
{{- $release := include "secrets-contract.v1.release" . | trim -}}
{{- if semverCompare (printf ">%s" $release) (.library | default $release) -}}
{{- include "secrets-contract.v1.refuse" (list . (printf
  (cat "the chart has the library secrets-contract %s, and another chart of the release has %s, whose templates are the ones that Helm"
    "takes: give that chart the later one too")
  .library $release)) -}}
{{- end -}}
{{- end -}}

{{/* (FACTS): a near miss of one of the approaches' names in the values, or one of another kind, would be no approach at all. */}}
{{- define "secrets-contract.v1.check.block" -}}
{{- $kinds := dict "string" "a text" "slice" "a list" "map" "a mapping" -}}
{{- range .mistyped -}}
{{- $name := .name -}}
{{- if .key -}}{{- $name = printf "%s%s" (ternary (printf "keys.%s" .key) "keys: an entry" (has .key $.known)) .name -}}{{- end -}}
{{- $hint := ternary ": {secret: NAME, key: KEY}" "" (and (not (empty .key)) (empty .name)) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s.%s is not %s%s" $.valuesPath $name (get $kinds .kind) $hint)) -}}
{{- end -}}
{{- $names := include "secrets-contract.v1.names" . | fromJsonArray -}}
{{- range $name := .others -}}
{{- $meant := include "secrets-contract.v1.close" (list $name $names) -}}
{{- $isSame := eq (include "secrets-contract.v1.plain" $name) (include "secrets-contract.v1.plain" $meant) -}}
{{- /* A short name may be the application's own. */ -}}
{{- if and $meant (or (ge (len $meant) 10) (and $isSame (ne $name "secret"))) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf "%s.%s: did you mean %s?" $.valuesPath $name $meant)) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS NAME KNOWN WHERE): refuses a name that is none of KNOWN. */}}
{{- define "secrets-contract.v1.unknown" -}}
{{- $name := index . 1 -}}
{{- if not (has $name (index . 2)) -}}
{{- $meant := include "secrets-contract.v1.close" (list $name (index . 2)) -}}
{{- $hint := ternary (printf ": did you mean %s?" $meant) "" (not (empty $meant)) -}}
{{- include "secrets-contract.v1.refuse" (list (first .) (printf "%s %s, which it does not know%s" (last .) $name $hint)) -}}
{{- end -}}
{{- end -}}

{{/* (list NAME NAMES): the name that was meant: the same but for case, `-`, `_`, `.` and an `s` at the end, or else one edit away. */}}
{{- define "secrets-contract.v1.close" -}}
{{- $plain := include "secrets-contract.v1.plain" (first .) -}}
{{- $same := "" -}}
{{- $near := "" -}}
{{- range last . -}}
{{- $other := include "secrets-contract.v1.plain" . -}}
{{- if and (not $same) (eq $other $plain) -}}{{- $same = . -}}{{- end -}}
{{- if and (not $near) (gt (len $other) 3) (include "secrets-contract.v1.isEdit" (list $plain $other)) -}}{{- $near = . -}}{{- end -}}
{{- end -}}
{{- $same | default $near -}}
{{- end -}}

{{- define "secrets-contract.v1.plain" -}}
{{- regexReplaceAll "[-_. ]" (lower .) "" | trimSuffix "s" -}}
{{- end -}}

{{/* (list ONE OTHER): "true" if one becomes the other by a letter more, less or other, or by two that change places. */}}
{{- define "secrets-contract.v1.isEdit" -}}
{{- $one := first . -}}
{{- $two := last . -}}
{{- if gt (len $one) (len $two) -}}{{- $one = last . -}}{{- $two = first . -}}{{- end -}}
{{- $found := false -}}
{{- if has (sub (len $two) (len $one) | int) (list 0 1) -}}
{{- range $at := until (len $two) -}}
{{- $before := substr 0 $at $two -}}
{{- $after := substr (add1 $at | int) (len $two) $two -}}
{{- if and (not $found) (hasPrefix $before $one) (hasSuffix $after $one) -}}
{{- $found = has (sub (len $one) (add (len $before) (len $after)) | int) (list 0 1) -}}
{{- end -}}
{{- if $after -}}
{{- $swapped := printf "%s%s%s" $before (substr 0 1 $after) (substr $at (add1 $at | int) $two) -}}
{{- $found = or $found (eq (printf "%s%s" $swapped (substr 1 (len $after) $after)) $one) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if $found -}}true{{- end -}}
{{- end -}}

{{/* (list FACTS KEY): the known key that an unknown one is taken for. A chart may know more of them (`meant` in SPEC, a template that
     takes the same). */}}
{{- define "secrets-contract.v1.meant" -}}
{{- $facts := first . -}}
{{- if $facts.spec.meant -}}
{{- include $facts.spec.meant . -}}
{{- else if not (has (last .) $facts.known) -}}
{{- include "secrets-contract.v1.close" (list (last .) $facts.known) -}}
{{- end -}}
{{- end -}}
