{{/* What goes into the application's pod: variables, volumes, mounts. */}}

{{/* The other folder beside /tmp that the image's user writes to: the cache of its package manager. */}}
{{- define "heimdall-pr.cachePath" -}}
/var/cache/heimdall
{{- end -}}

{{/* (FACTS): the variables, required keys first. */}}
{{- define "heimdall-pr.env" -}}
{{- range .known }}
{{ include "heimdall-pr.envOf" (list $ .) }}
{{- end }}
{{- with .root.Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* (list FACTS VARIABLE): one that comes from a Secret, or is the path of a mounted certificate. The pod does not start without a required
     one, nor without what heimdall.keys names. */}}
{{- define "heimdall-pr.envOf" -}}
{{- $facts := first . -}}
{{- $name := last . -}}
- name: {{ $name | quote }}
{{- if hasKey $facts.caVariables $name }}
  value: {{ get $facts.caVariables $name | quote }}
{{- else }}
  valueFrom:
    secretKeyRef:
      {{- include "secrets-contract.v1.secretKeyRef" (index $facts.from $name) | nindent 6 }}
      {{- if and (has $name $facts.optional) (not (hasKey $facts.sources $name)) }}
      optional: true
      {{- end }}
{{- end }}
{{- end -}}

{{/* (FACTS) */}}
{{- define "heimdall-pr.volumeMounts" -}}
- name: tmp
  mountPath: /tmp
- name: cache
  mountPath: {{ include "heimdall-pr.cachePath" . }}
{{- range $name, $authority := .authorities }}
{{- if $authority.file }}
- name: {{ kebabcase $name }}
  mountPath: /etc/heimdall/{{ kebabcase $name }}
  readOnly: true
{{- end }}
{{- end }}
{{- with .root.Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* (FACTS) */}}
{{- define "heimdall-pr.volumes" -}}
{{- $taken := list -}}
{{- range .root.Values.extraVolumes -}}{{- $taken = append $taken .name -}}{{- end -}}
{{- range list "tmp" "cache" }}
{{- if not (has . $taken) }}
- name: {{ . }}
  emptyDir: {}
{{- end }}
{{- end }}
{{- include "heimdall-pr.caVolumes" . }}
{{- with .root.Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* (FACTS) */}}
{{- define "heimdall-pr.initContainers" -}}
{{- with include "heimdall-pr.caBundle" . }}
{{ . }}
{{- end }}
{{- if .root.Values.waitForDatabase.enabled }}
{{ include "heimdall-pr.wait" . }}
{{- end }}
{{- with .root.Values.initContainers }}
{{ toYaml . }}
{{- end }}
{{- end -}}
