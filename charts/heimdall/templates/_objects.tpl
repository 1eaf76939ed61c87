{{/* The further objects of the release, and which Secrets they make. */}}

{{/* (FACTS): sets objects, extraObjects as a list: objects as they are (External Secrets and others have templates of their own in
     them), texts with their templates filled in, each a document or several. */}}
{{- define "heimdall-pr.objects" -}}
{{- $objects := list -}}
{{- range .root.Values.extraObjects -}}
{{- if and (kindIs "string" .) (not (include "heimdall-pr.secretText" .)) -}}
{{- range regexSplit `(?m)^---(?:[ \t].*)?$` (tpl . $.root) -1 -}}
{{- with fromYaml . -}}{{- $objects = append $objects . -}}{{- end -}}
{{- end -}}
{{- else if kindIs "map" . -}}
{{- $objects = append $objects . -}}
{{- end -}}
{{- end -}}
{{- $_ := set . "objects" $objects -}}
{{- end -}}

{{/* "true" for a text with a Secret and templates in it: Helm prints such a text whole if a template fails. */}}
{{- define "heimdall-pr.secretText" -}}
{{- if and (contains "{{" .) (regexMatch `(?m)^\s*["']?kind["']?\s*:\s*["']?Secret["']?\s*(#.*)?$` .) -}}true{{- end -}}
{{- end -}}

{{/* (FACTS): sets objects, and produced, the names of the Secrets that they make; not again if that was done before. A kind counts
     with the API group that the policy has it with. */}}
{{- define "heimdall-pr.produced" -}}
{{- if not (hasKey . "produced") -}}
{{- $_ := include "heimdall-pr.objects" . -}}
{{- $_ := include "heimdall-pr.facts.policy" . -}}
{{- $_ := set . "produced" list -}}
{{- range $object := .objects -}}
{{- $group := (splitList "/" (toString .apiVersion)) | first -}}
{{- if and (eq (toString .kind) "Secret") (eq $group "v1") -}}
{{- $_ := set $ "produced" (append $.produced (include "heimdall-pr.at" (list . "metadata.name"))) -}}
{{- end -}}
{{- range $.policy.producers -}}
{{- if and (eq .kind (toString $object.kind)) (eq .group $group) -}}
{{- range .makes -}}
{{- $_ := include "heimdall-pr.makes" (list $ . $object) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS MAKES OBJECT): adds to produced the names of the Secrets that an object makes in one of the policy's ways. */}}
{{- define "heimdall-pr.makes" -}}
{{- $facts := first . -}}
{{- $object := last . -}}
{{- with $way := index . 1 -}}
{{- $needed := or (not .needs) (eq (include "heimdall-pr.at" (list $object .needs)) "true") -}}
{{- if and $needed (not (and .unless (include "heimdall-pr.at" (list $object .unless)))) -}}
{{- $makers := list $object -}}
{{- if .each -}}
{{- $makers = get (get $object (splitList "." .each | first) | default dict) (splitList "." .each | last) | default list -}}
{{- end -}}
{{- range $maker := $makers -}}
{{- $name := "" -}}
{{- range $way.name -}}
{{- $name = $name | default (include "heimdall-pr.at" (list $maker .)) -}}
{{- end -}}
{{- $_ := set $facts "produced" (append $facts.produced (printf "%s%s" $name ($way.suffix | default ""))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list MAP PATH): what is at that path, or nothing. */}}
{{- define "heimdall-pr.at" -}}
{{- $here := first . -}}
{{- range splitList "." (last .) -}}
{{- $here = kindIs "map" $here | ternary (get (kindIs "map" $here | ternary $here dict) .) "" -}}
{{- end -}}
{{- if not (kindIs "invalid" $here) -}}{{- $here -}}{{- end -}}
{{- end -}}
