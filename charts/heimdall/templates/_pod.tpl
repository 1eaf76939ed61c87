{{/* What goes into the application's pod: variables, volumes, mounts. */}}

{{/* The other folder beside /tmp that the image's user writes to: the cache of its package manager. */}}
{{- define "heimdall-pr.cachePath" -}}
/var/cache/heimdall
{{- end -}}

{{/* (FACTS): sets authorities and caVariables: the certificates of authorities that can be mounted, by the volume's name. `file` is
     the path in the pod, or nothing if none is given; `variable` names that file to the application. */}}
{{- define "heimdall-pr.facts.authorities" -}}
{{- $authorities := dict -}}
{{- with .root.Values -}}
{{- $authorities = dict
  "extraCa" (dict "from" (.heimdall.extraCa | default dict) "variable" "" "path" "heimdall.extraCa")
  "databaseCa" (dict "from" (.externalDatabase.tls.ca | default dict) "variable" "DATABASE_SSL_CA" "path" "externalDatabase.tls.ca")
  "ldapCa" (dict "from" (.heimdall.auth.ldap.ca | default dict) "variable" "LDAP_SSL_CA" "path" "heimdall.auth.ldap.ca") -}}
{{- end -}}
{{- $variables := dict -}}
{{- range $name, $authority := $authorities -}}
{{- $file := printf "/etc/heimdall/%s/%v" (kebabcase $name) .from.key -}}
{{- $_ := set . "file" (ternary "" $file (empty (or .from.configMap .from.secret))) -}}
{{- if and .file .variable -}}
{{- $_ := set $variables .variable .file -}}
{{- end -}}
{{- end -}}
{{- $_ := set . "authorities" $authorities -}}
{{- $_ := set . "caVariables" $variables -}}
{{- end -}}

{{/* (FACTS): the variables, required keys first; the pod does not start without those, nor without what heimdall.keys names. */}}
{{- define "heimdall-pr.env" -}}
{{- $required := keys .sources -}}
{{- range .required }}
{{- $required = append $required .key }}
- name: {{ .key }}
  valueFrom:
    secretKeyRef:
      {{- include "heimdall-pr.secretKeyRef" (index $.from .key) | nindent 6 }}
{{- end }}
{{- range .optional }}
{{- if not (hasKey $.caVariables .) }}
- name: {{ . | quote }}
  valueFrom:
    secretKeyRef:
      {{- include "heimdall-pr.secretKeyRef" (index $.from .) | nindent 6 }}
      {{- if not (has . $required) }}
      optional: true
      {{- end }}
{{- end }}
{{- end }}
{{- range $name, $file := .caVariables }}
- name: {{ $name }}
  value: {{ $file | quote }}
{{- end }}
{{- with .root.Values.extraEnv }}
{{ toYaml . }}
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
{{- range $name, $authority := .authorities }}
{{- with $authority.from }}
{{- if .configMap }}
- name: {{ kebabcase $name }}
  configMap:
    name: {{ .configMap | quote }}
    items:
      - {key: {{ .key | quote }}, path: {{ .key | quote }}}
{{- else if .secret }}
- name: {{ kebabcase $name }}
  secret:
    secretName: {{ .secret | quote }}
    items:
      - {key: {{ .key | quote }}, path: {{ .key | quote }}}
{{- end }}
{{- end }}
{{- end }}
{{- with .root.Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Without it the application would be restarted until its database is there. The user is named because pg_isready would look
     up its own, which the image does not know. With the application's resources the pod asks for no more than without it. */}}
{{- define "heimdall-pr.initContainers" -}}
{{- if include "heimdall-pr.embedded" . }}
- name: wait-for-database
  image: {{ include "heimdall-pr.image" (dict "root" . "image" .Values.postgresql.image) | quote }}
  imagePullPolicy: {{ .Values.postgresql.image.pullPolicy }}
  command:
    - sh
    - -c
    - 'until pg_isready --quiet --host="$0" --port=5432 --username="$1"; do sleep 2; done'
    - {{ include "heimdall-pr.postgresql" . | quote }}
    - {{ .Values.postgresql.username | quote }}
  securityContext:
    {{- toYaml .Values.securityContext | nindent 4 }}
  {{- with .Values.resources }}
  resources:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- with .Values.initContainers }}
{{ toYaml . }}
{{- end }}
{{- end -}}
