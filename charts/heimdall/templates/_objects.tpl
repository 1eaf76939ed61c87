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

{{/* (FACTS): sets objects, and the names of the Secrets that they make: produced, of these owned, if the maker refuses one that is
     there; and filled, if one that is there gets further keys. Not again if that was done before. A kind counts with the API group
     that the policy has it with. */}}
{{- define "heimdall-pr.produced" -}}
{{- if not (hasKey . "produced") -}}
{{- $_ := include "heimdall-pr.objects" . -}}
{{- $_ := include "heimdall-pr.facts.policy" . -}}
{{- range list "produced" "owned" "filled" -}}{{- $_ := set $ . list -}}{{- end -}}
{{- range $object := .objects -}}
{{- $group := (splitList "/" (toString .apiVersion)) | first -}}
{{- if and (eq (toString .kind) "Secret") (eq $group "v1") (include "heimdall-pr.isHere" (list $ . list)) -}}
{{- $_ := include "heimdall-pr.made" (list $ "makes" (include "heimdall-pr.at" (list . "metadata.name"))) -}}
{{- end -}}
{{- range $.policy.producers -}}
{{- if and (eq .kind (toString $object.kind)) (eq .group $group) (include "heimdall-pr.isHere" (list $ $object .chosen)) -}}
{{- range .makes -}}
{{- $_ := include "heimdall-pr.makes" (list $ . $object) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS OBJECT CHOSEN): "true" if the object makes its Secret in the release's namespace, or may do so. */}}
{{- define "heimdall-pr.isHere" -}}
{{- $namespace := (first .).root.Release.Namespace -}}
{{- $object := index . 1 -}}
{{- $spec := kindIs "map" $object.spec | ternary $object.spec dict -}}
{{- $here := has (include "heimdall-pr.at" (list $object "metadata.namespace")) (list "" $namespace) -}}
{{- range $at, $path := last . -}}
{{- $value := get $spec (splitList "." $path | last) -}}
{{- $here = or (and $at $here) (ternary (has $namespace (kindIs "slice" $value | ternary $value list)) (not (empty $value)) (eq $at 0)) -}}
{{- end -}}
{{- if $here -}}true{{- end -}}
{{- end -}}

{{/* (list FACTS MAKES OBJECT): adds the Secrets that an object makes or fills in one of the policy's ways. */}}
{{- define "heimdall-pr.makes" -}}
{{- $facts := first . -}}
{{- $object := last . -}}
{{- with $way := index . 1 -}}
{{- $does := or (not .needs) (eq (include "heimdall-pr.at" (list $object .needs)) "true") -}}
{{- range .unless -}}
{{- $value := include "heimdall-pr.at" (list $object (first .)) -}}
{{- if and $value (or (eq (len .) 1) (eq $value (last .))) -}}{{- $does = false -}}{{- end -}}
{{- end -}}
{{- if $does -}}
{{- $role := "makes" -}}
{{- with .role -}}{{- $role = get $way.roles (include "heimdall-pr.at" (list $object .)) | default $way.otherwise -}}{{- end -}}
{{- $makers := list $object -}}
{{- if .each -}}
{{- $makers = get (get $object (splitList "." .each | first) | default dict) (splitList "." .each | last) | default list -}}
{{- end -}}
{{- range $maker := $makers -}}
{{- $name := "" -}}
{{- range $way.name -}}
{{- $name = $name | default (include "heimdall-pr.at" (list $maker .)) -}}
{{- end -}}
{{- $_ := include "heimdall-pr.made" (list $facts $role (printf "%s%s" $name ($way.suffix | default ""))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS ROLE NAME): adds a Secret to those that are made and filled. */}}
{{- define "heimdall-pr.made" -}}
{{- $facts := first . -}}
{{- $role := index . 1 -}}
{{- $name := last . -}}
{{- range $list, $is := dict "produced" (contains "makes" $role) "owned" (eq "makes" $role) "filled" (contains "fills" $role) -}}
{{- if $is -}}{{- $_ := set $facts $list (append (get $facts $list) $name) -}}{{- end -}}
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
