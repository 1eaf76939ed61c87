{{/* The gate runs before anything of the release is there: a Secret that comes with the release comes too late for it. */}}

{{- define "heimdall-pr.check.gate" -}}
{{- $found := list -}}
{{- $prefix := include "heimdall-pr.prefix" . -}}
{{- if include "heimdall-pr.gated" . -}}
{{- $produced := include "heimdall-pr.produced" . | fromJsonArray -}}
{{- range include "heimdall-pr.secretNames" . | fromJsonArray -}}
{{- if has . $produced -}}
{{- $found = append $found (printf "%sgate.enabled is true, and an entry of %sextraObjects makes the Secret %s: the gate runs before the release's objects, so that one comes too late. Install it before this release, or leave %sgate.enabled out: the pod waits for the Secret by itself." $prefix $prefix . $prefix) -}}
{{- end -}}
{{- end -}}
{{- range include "heimdall-pr.csiVolumes" . | fromJsonArray -}}
{{- $found = append $found (printf "%sgate.enabled is true, and %sextraVolumes has %s, a volume of the Secrets Store CSI driver: the driver makes a Secret only while a pod of the release mounts the volume, so that it comes too late for the gate, which runs before. Leave %sgate.enabled out: the pod waits for the Secret by itself." $prefix $prefix . $prefix) -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{/* The names of the volumes by which that driver may make a Secret, as a JSON list; what an entry of extraObjects makes is known
     from there. */}}
{{- define "heimdall-pr.csiVolumes" -}}
{{- $classes := list -}}
{{- range include "heimdall-pr.objects" . | fromYamlArray -}}
{{- if eq (.kind | toString) "SecretProviderClass" -}}
{{- $classes = append $classes (dig "metadata" "name" "" .) -}}
{{- end -}}
{{- end -}}
{{- $names := list -}}
{{- range .Values.extraVolumes -}}
{{- $csi := .csi | default dict -}}
{{- if and (eq (get $csi "driver") "secrets-store.csi.k8s.io") (not (has (dig "volumeAttributes" "secretProviderClass" "" $csi) $classes)) -}}
{{- $names = append $names .name -}}
{{- end -}}
{{- end -}}
{{- toJson $names -}}
{{- end -}}
