{{/* Which Secrets the further objects of the release make. */}}

{{/* (FACTS): sets objects, and the names of the Secrets that they make: produced, of these owned, if the maker refuses one that is
     there; and filled, if one that is there gets further keys. Not again if that was done before. A kind counts with the API group
     that the policy has it with. */}}
{{- define "secrets-contract.v1.produced" -}}
{{- if not (hasKey . "produced") -}}
{{- if not (hasKey . "objects") -}}
{{- if kindIs "string" .spec.objects -}}{{- $_ := include .spec.objects . -}}
{{- else -}}
{{- $objects := list -}}
{{- range .spec.objects -}}{{- $objects = append $objects (kindIs "string" . | ternary (fromYaml (toString .)) .) -}}{{- end -}}
{{- $_ := set . "objects" $objects -}}
{{- end -}}
{{- end -}}
{{- $_ := include "secrets-contract.v1.facts.rules" . -}}
{{- range list "produced" "owned" "filled" -}}{{- $_ := set $ . list -}}{{- end -}}
{{- range $object := .objects -}}
{{- $group := (splitList "/" (toString .apiVersion)) | first -}}
{{- if and (eq (toString .kind) "Secret") (eq $group "v1") (include "secrets-contract.v1.isHere" (list $ . list)) -}}
{{- $_ := include "secrets-contract.v1.made" (list $ "makes" (include "secrets-contract.v1.at" (list . "metadata.name"))) -}}
{{- end -}}
{{- range $.rules.producers -}}
{{- if and (eq .kind (toString $object.kind)) (eq .group $group) (include "secrets-contract.v1.isHere" (list $ $object .chosen)) -}}
{{- range .makes -}}
{{- $_ := include "secrets-contract.v1.makes" (list $ . $object) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS OBJECT CHOSEN): "true" if the object makes its Secret in the release's namespace, or may do so. */}}
{{- define "secrets-contract.v1.isHere" -}}
{{- $namespace := (first .).namespace -}}
{{- $object := index . 1 -}}
{{- $spec := kindIs "map" $object.spec | ternary $object.spec dict -}}
{{- $here := eq (include "secrets-contract.v1.at" (list $object "metadata.namespace") | default (first .).releaseNamespace) $namespace -}}
{{- range $at, $path := last . -}}
{{- $value := get $spec (splitList "." $path | last) -}}
{{- $here = or (and $at $here) (ternary (has $namespace (kindIs "slice" $value | ternary $value list)) (not (empty $value)) (eq $at 0)) -}}
{{- end -}}
{{- if $here -}}true{{- end -}}
{{- end -}}

{{/* (list FACTS MAKES OBJECT): adds the Secrets that an object makes or fills in one of the policy's ways. */}}
{{- define "secrets-contract.v1.makes" -}}
{{- $facts := first . -}}
{{- $object := last . -}}
{{- with $way := index . 1 -}}
{{- $does := or (not .needs) (eq (include "secrets-contract.v1.at" (list $object .needs)) "true") -}}
{{- range .unless -}}
{{- $value := include "secrets-contract.v1.at" (list $object (first .)) -}}
{{- if and $value (or (eq (len .) 1) (eq $value (last .))) -}}{{- $does = false -}}{{- end -}}
{{- end -}}
{{- if $does -}}
{{- $role := "makes" -}}
{{- with .role -}}{{- $role = get $way.roles (include "secrets-contract.v1.at" (list $object .)) | default $way.otherwise -}}{{- end -}}
{{- $makers := list $object -}}
{{- if .each -}}
{{- $makers = get (get $object (splitList "." .each | first) | default dict) (splitList "." .each | last) | default list -}}
{{- end -}}
{{- range $maker := $makers -}}
{{- $name := "" -}}
{{- range $way.name -}}
{{- $name = $name | default (include "secrets-contract.v1.at" (list $maker .)) -}}
{{- end -}}
{{- $_ := include "secrets-contract.v1.made" (list $facts $role (printf "%s%s" $name ($way.suffix | default ""))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list FACTS ROLE NAME): adds a Secret to those that are made and filled. */}}
{{- define "secrets-contract.v1.made" -}}
{{- $facts := first . -}}
{{- $role := index . 1 -}}
{{- $name := last . -}}
{{- range $list, $is := dict "produced" (contains "makes" $role) "owned" (eq "makes" $role) "filled" (contains "fills" $role) -}}
{{- if $is -}}{{- $_ := set $facts $list (append (get $facts $list) $name) -}}{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list MAP PATH): what is at that path, or nothing. */}}
{{- define "secrets-contract.v1.at" -}}
{{- $here := first . -}}
{{- range splitList "." (last .) -}}
{{- $here = kindIs "map" $here | ternary (get (kindIs "map" $here | ternary $here dict) .) "" -}}
{{- end -}}
{{- if not (kindIs "invalid" $here) -}}{{- $here -}}{{- end -}}
{{- end -}}
