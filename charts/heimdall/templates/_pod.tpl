{{/* What goes into the application's pod: variables, volumes, mounts. */}}

{{/* Where the image's user writes beside /tmp: the cache of its package manager. */}}
{{- define "heimdall-pr.cachePath" -}}
/var/cache/heimdall
{{- end -}}

{{/* The certificates of authorities that can be mounted, as YAML: the volume's name, its values, the variable that
     names the file. */}}
{{- define "heimdall-pr.authorities" -}}
extraCa: {from: {{ .Values.heimdall.extraCa | toJson }}, variable: "", path: heimdall.extraCa}
databaseCa: {from: {{ .Values.externalDatabase.tls.ca | toJson }}, variable: DATABASE_SSL_CA, path: externalDatabase.tls.ca}
ldapCa: {from: {{ .Values.heimdall.auth.ldap.ca | toJson }}, variable: LDAP_SSL_CA, path: heimdall.auth.ldap.ca}
{{- end -}}

{{/* (list ROOT NAME): the path of that certificate in the pod, or nothing where none is given. */}}
{{- define "heimdall-pr.caPath" -}}
{{- $from := index (include "heimdall-pr.authorities" (first .) | fromYaml) (last .) "from" | default dict -}}
{{- if or $from.configMap $from.secret -}}
/etc/heimdall/{{ last . | kebabcase }}/{{ $from.key }}
{{- end -}}
{{- end -}}

{{/* Required keys first; the pod does not start without them, nor without what heimdall.keys names. */}}
{{- define "heimdall-pr.env" -}}
{{- $required := keys (include "heimdall-pr.sources" . | fromJson) -}}
{{- range include "heimdall-pr.required" . | fromYamlArray }}
{{- $required = append $required .key }}
- name: {{ .key }}
  valueFrom:
    secretKeyRef:
      {{- include "heimdall-pr.secretKeyRef" (list $ .key) | nindent 6 }}
{{- end }}
{{- $paths := include "heimdall-pr.caVariables" . | fromJson }}
{{- range include "heimdall-pr.optional" . | fromJsonArray }}
{{- if not (hasKey $paths .) }}
- name: {{ . | quote }}
  valueFrom:
    secretKeyRef:
      {{- include "heimdall-pr.secretKeyRef" (list $ .) | nindent 6 }}
      {{- if not (has . $required) }}
      optional: true
      {{- end }}
{{- end }}
{{- end }}
{{- range $name, $path := $paths }}
- name: {{ $name }}
  value: {{ $path | quote }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The variables that name the file of a mounted certificate, as JSON. */}}
{{- define "heimdall-pr.caVariables" -}}
{{- $variables := dict -}}
{{- range $name, $authority := include "heimdall-pr.authorities" . | fromYaml -}}
{{- $path := include "heimdall-pr.caPath" (list $ $name) -}}
{{- if and $path $authority.variable -}}
{{- $_ := set $variables $authority.variable $path -}}
{{- end -}}
{{- end -}}
{{- toJson $variables -}}
{{- end -}}

{{- define "heimdall-pr.volumeMounts" -}}
- name: tmp
  mountPath: /tmp
- name: cache
  mountPath: {{ include "heimdall-pr.cachePath" . }}
{{- range $name, $_ := include "heimdall-pr.authorities" . | fromYaml }}
{{- if include "heimdall-pr.caPath" (list $ $name) }}
- name: {{ kebabcase $name }}
  mountPath: /etc/heimdall/{{ kebabcase $name }}
  readOnly: true
{{- end }}
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "heimdall-pr.volumes" -}}
{{- $taken := list -}}
{{- range .Values.extraVolumes -}}{{- $taken = append $taken .name -}}{{- end -}}
{{- range list "tmp" "cache" }}
{{- if not (has . $taken) }}
- name: {{ . }}
  emptyDir: {}
{{- end }}
{{- end }}
{{- range $name, $authority := include "heimdall-pr.authorities" . | fromYaml }}
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
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Without it the application would be restarted until its database is there. The user is named, because pg_isready else looks
     its own one up, which the image does not know. With the application's resources the pod asks for no more than without it. */}}
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
