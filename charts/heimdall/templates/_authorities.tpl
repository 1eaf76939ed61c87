{{/* Certificates of authorities: which there are, and how they get into the pod. */}}

{{/* (FACTS): sets authorities and caVariables: the certificates of authorities that can be mounted, by the volume's name. `sources`:
     [{kind, name, key, path}], the ConfigMaps and Secrets that have them, each with the path of its value; `file`: the path in the pod,
     or nothing if none is given; `variable` names that file to the application. Node reads one file: several are put together
     (`bundled`). */}}
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
{{- $_ := include "heimdall-pr.caSources" (list $ $authority) -}}
{{- $file := "" -}}
{{- with .sources -}}
{{- $_ := set $authority "bundled" (or (gt (len .) 1) (eq (first .).key "*")) -}}
{{- $file = printf "/etc/heimdall/%s/%s" (kebabcase $name) (ternary "bundle.crt" (first .).key $authority.bundled) -}}
{{- end -}}
{{- $_ := set . "file" $file -}}
{{- if and .file .variable -}}
{{- $_ := set $variables .variable .file -}}
{{- end -}}
{{- end -}}
{{- $_ := set . "authorities" $authorities -}}
{{- $_ := set . "caVariables" $variables -}}
{{- end -}}

{{/* (list FACTS AUTHORITY): sets its sources. */}}
{{- define "heimdall-pr.caSources" -}}
{{- $authority := last . -}}
{{- $from := $authority.from -}}
{{- $entries := list (dict "from" $from "key" ($from.key | default "ca.crt") "path" $authority.path) -}}
{{- range $i, $more := $from.more -}}
{{- $entries = append $entries (dict "from" $more "key" ($more.key | default "*") "path" (printf "%s.more[%d]" $authority.path $i)) -}}
{{- end -}}
{{- if $from.certificates -}}
{{- $inline := dict "configMap" (printf "%s-ca" (first .).fullname) -}}
{{- $entries = append $entries (dict "from" $inline "key" "inline.crt" "path" "") -}}
{{- end -}}
{{- $sources := list -}}
{{- range $entry := $entries -}}
{{- range $kind := list "configMap" "secret" -}}
{{- with get $entry.from $kind -}}
{{- $sources = append $sources (dict "kind" $kind "name" . "key" $entry.key "path" $entry.path) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $_ := set $authority "sources" $sources -}}
{{- $_ := set $authority "bundled" false -}}
{{- end -}}

{{/* (FACTS): the pod's volumes of them. */}}
{{- define "heimdall-pr.caVolumes" -}}
{{- range $name, $authority := .authorities }}
{{- if $authority.bundled }}
- name: {{ kebabcase $name }}
  emptyDir: {}
{{- end }}
{{- range $i, $source := $authority.sources }}
- name: {{ kebabcase $name }}{{ if $authority.bundled }}-{{ $i }}{{ end }}
  {{ $source.kind }}:
    {{ ternary "name" "secretName" (eq $source.kind "configMap") }}: {{ $source.name | quote }}
    {{- if ne $source.key "*" }}
    items:
      - {key: {{ $source.key | quote }}, path: {{ $source.key | quote }}}
    {{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* (FACTS): the init container that puts several files together, with the application's image and resources; nothing if there is one file
     or none. Each file ends in a line break then. */}}
{{- define "heimdall-pr.caBundle" -}}
{{- with .authorities.extraCa -}}
{{- if .bundled -}}
- name: extra-ca
  image: {{ include "heimdall-pr.image" (dict "root" $.root "image" $.root.Values.image "tag" $.root.Chart.AppVersion) | quote }}
  imagePullPolicy: {{ $.root.Values.image.pullPolicy }}
  command: [sh, -ec, 'for file in /in/*/*; do cat "$$file"; echo; done >/out/bundle.crt']
  securityContext:
    {{- toYaml $.root.Values.securityContext | nindent 4 }}
  {{- with $.root.Values.resources }}
  resources:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  volumeMounts:
    - name: extra-ca
      mountPath: /out
    {{- range $i, $_ := .sources }}
    - name: extra-ca-{{ $i }}
      mountPath: /in/{{ $i }}
      readOnly: true
    {{- end }}
{{- end -}}
{{- end -}}
{{- end -}}
