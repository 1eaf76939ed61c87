{{/* The gate runs before anything of the release exists: a Secret that comes with the release comes too late for it. */}}

{{- define "secrets-contract.v1.check.gate" -}}
{{- $gate := .paths.gate -}}
{{- $objects := printf "%s%s" .prefix ((.spec.paths | default dict).objects | default "extraObjects") -}}
{{- $volumes := printf "%s%s" .prefix ((.spec.paths | default dict).volumes | default "extraVolumes") -}}
{{- if .gated -}}
{{- range .secretNames -}}
{{- if has . $.produced -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  (cat "%s.enabled is true, and an entry of %s makes the Secret %s: the gate runs before the release's objects, so"
    "that one comes too late. Install it before this release, or leave %s.enabled out: the pod waits for the Secret by itself.")
  $gate $objects . $gate)) -}}
{{- end -}}
{{- end -}}
{{- $classes := list -}}
{{- range .objects -}}
{{- if eq (.kind | toString) "SecretProviderClass" -}}
{{- $classes = append $classes (dig "metadata" "name" "" .) -}}
{{- end -}}
{{- end -}}
{{- range .spec.volumes -}}
{{- if include "secrets-contract.v1.makesSecret" (list . $classes) -}}
{{- include "secrets-contract.v1.refuse" (list $ (printf
  (cat "%s.enabled is true, and %s has %s, a volume of the Secrets Store CSI driver: the driver makes a Secret only"
    "while a pod of the release mounts the volume, so that it comes too late for the gate, which runs before. Leave %s.enabled"
    "out: the pod waits for the Secret by itself.")
  $gate $volumes .name $gate)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list VOLUME CLASSES): "true" if the CSI driver may make a Secret by this volume. The Secrets of CLASSES, which are entries of
     extraObjects, are known from there. */}}
{{- define "secrets-contract.v1.makesSecret" -}}
{{- $csi := (first .).csi | default dict -}}
{{- $class := dig "volumeAttributes" "secretProviderClass" "" $csi -}}
{{- if and (eq (get $csi "driver") "secrets-store.csi.k8s.io") (not (has $class (last .))) -}}true{{- end -}}
{{- end -}}
