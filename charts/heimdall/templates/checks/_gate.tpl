{{/* The gate runs before anything of the release exists: a Secret that comes with the release comes too late for it. */}}

{{- define "heimdall-pr.check.gate" -}}
{{- $prefix := .prefix -}}
{{- if .gated -}}
{{- range .secretNames -}}
{{- if has . $.produced -}}
{{- include "heimdall-pr.refuse" (list $ (printf
  (cat "%sgate.enabled is true, and an entry of %sextraObjects makes the Secret %s: the gate runs before the release's objects, so"
    "that one comes too late. Install it before this release, or leave %sgate.enabled out: the pod waits for the Secret by itself.")
  $prefix $prefix . $prefix)) -}}
{{- end -}}
{{- end -}}
{{- $classes := list -}}
{{- range .objects -}}
{{- if eq (.kind | toString) "SecretProviderClass" -}}
{{- $classes = append $classes (dig "metadata" "name" "" .) -}}
{{- end -}}
{{- end -}}
{{- range .root.Values.extraVolumes -}}
{{- if include "heimdall-pr.makesSecret" (list . $classes) -}}
{{- include "heimdall-pr.refuse" (list $ (printf
  (cat "%sgate.enabled is true, and %sextraVolumes has %s, a volume of the Secrets Store CSI driver: the driver makes a Secret only"
    "while a pod of the release mounts the volume, so that it comes too late for the gate, which runs before. Leave %sgate.enabled"
    "out: the pod waits for the Secret by itself.")
  $prefix $prefix .name $prefix)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* (list VOLUME CLASSES): "true" if the CSI driver may make a Secret by this volume. The Secrets of CLASSES, which are entries of
     extraObjects, are known from there. */}}
{{- define "heimdall-pr.makesSecret" -}}
{{- $csi := (first .).csi | default dict -}}
{{- $class := dig "volumeAttributes" "secretProviderClass" "" $csi -}}
{{- if and (eq (get $csi "driver") "secrets-store.csi.k8s.io") (not (has $class (last .))) -}}true{{- end -}}
{{- end -}}
