{{/* The gate: a hook Job that waits for the existing Secret, and fails if it lacks a key (docs/gate.md). */}}

{{/* (FACTS): the Job's name says what is wrong: Helm 4 prints nothing else when it fails. It is a label, too: 63 characters. */}}
{{- define "secrets-contract.v1.gateName" -}}
{{- $suffix := "-requires-secret" -}}
{{- $most := int (sub 63 (len $suffix)) -}}
{{- $name := .fullname -}}
{{- if gt (len $name) $most -}}{{- $name = include "secrets-contract.v1.label" (list $name $most) -}}{{- end -}}
{{- printf "%s%s" $name $suffix -}}
{{- end -}}

{{/* (FACTS): what the contract says, as arguments: nothing of the release exists yet when it runs. */}}
{{- define "secrets-contract.v1.gateArguments" -}}
- --dir=/secrets/own
- --others=/secrets/others
- --report=/dev/termination-log
- {{ printf "--secret=%s" .secret | quote }}
- {{ printf "--namespace=%s" .namespace | quote }}
{{- if eq (include "secrets-contract.v1.version" .) "v1" }}
- {{ printf "--required=%s" (include "secrets-contract.v1.contractRequired" .) | quote }}
- {{ printf "--lengths=%s" (include "secrets-contract.v1.contractLengths" .) | quote }}
{{- else }}
{{- $keys := include "secrets-contract.v1.allKeys" . | fromJsonArray }}
{{- /* Without lengths: those of Heimdall's keys are the gate's own, for keys of these names. */}}
{{- range $field, $text := merge (include "secrets-contract.v1.terms.json" (list . $keys) | fromJson) (dict "lengths" "") }}
- {{ printf "--%s=%s" $field $text | quote }}
{{- end }}
{{- end }}
- {{ printf "--sources=%s" (include "secrets-contract.v1.contractSources" .) | quote }}
- {{ printf "--timeout=%s" (include "secrets-contract.v1.timeout" .) | quote }}
{{- end -}}

{{/* (FACTS): how long it waits, in seconds; 0: it looks once. */}}
{{- define "secrets-contract.v1.timeout" -}}
{{- ternary 180 .options.gate.timeout (kindIs "invalid" .options.gate.timeout) | int -}}
{{- end -}}

{{/* (FACTS): all keys by their names in SPEC, as JSON: [{name, key}]: the gate has `--sources`. */}}
{{- define "secrets-contract.v1.allKeys" -}}
{{- $keys := list -}}
{{- range .known -}}{{- $keys = append $keys (dict "name" . "key" .) -}}{{- end -}}
{{- toJson $keys -}}
{{- end -}}

{{/* (FACTS): the image: a text, or {registry, repository, tag, digest}, whose digest decides. */}}
{{- define "secrets-contract.v1.gateImage" -}}
{{- $image := .options.gate.image | default "docker.io/library/python:3.13.5-alpine3.22" -}}
{{- if kindIs "map" $image -}}
{{- $version := ternary (printf "@%s" $image.digest) (printf ":%s" (toString $image.tag)) (not (empty $image.digest)) -}}
{{- printf "%s/%s%s" ($image.registry | default "") ($image.repository | default "library/python") $version | trimPrefix "/" -}}
{{- else -}}
{{- $image -}}
{{- end -}}
{{- end -}}

{{/* (FACTS) */}}
{{- define "secrets-contract.v1.job" -}}
{{- $others := without .secretNames .secret -}}
{{- $restricted := dict "runAsNonRoot" true "runAsUser" 65532 "runAsGroup" 65532 "fsGroup" 65532
  "seccompProfile" (dict "type" "RuntimeDefault") -}}
{{- $small := dict "allowPrivilegeEscalation" false "readOnlyRootFilesystem" true "capabilities" (dict "drop" (list "ALL")) -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ include "secrets-contract.v1.gateName" . }}
  namespace: {{ .namespace | quote }}
  labels:
    {{- include "secrets-contract.v1.labels" (list . "gate") | trim | nindent 4 }}
  annotations:
    # A rollback runs the hooks of the revision that it goes back to.
    helm.sh/hook: pre-install,pre-upgrade,pre-rollback
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
    # Also after a success: it may have warnings.
    helm.sh/hook-output-log-policy: hook-failed,hook-succeeded
spec:
  backoffLimit: 0
  # The extra minute is for the image and the start of the pod: one that can't start fails too.
  activeDeadlineSeconds: {{ add (include "secrets-contract.v1.timeout" . | int) 60 }}
  ttlSecondsAfterFinished: 600
  template:
    metadata:
      labels:
        {{- include "secrets-contract.v1.labels" (list . "gatePod") | trim | nindent 8 }}
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      enableServiceLinks: false
      terminationGracePeriodSeconds: 10
      {{- with ternary (toString .options.gate.pod | trim) .options.gate.pod (kindIs "string" .options.gate.pod) }}
      {{- ternary (toString . | trim) (toYaml .) (kindIs "string" .) | nindent 6 }}
      {{- end }}
      securityContext:
        {{- toYaml (ternary $restricted .options.gate.podSecurityContext (kindIs "invalid" .options.gate.podSecurityContext)) | nindent 8 }}
      containers:
        - name: gate
          image: {{ include "secrets-contract.v1.gateImage" . | quote }}
          imagePullPolicy: {{ .options.gate.pullPolicy | default "IfNotPresent" }}
          # The report is also in the status of the pod (--report); it contains no value. If the gate could write none: the log's end.
          terminationMessagePolicy: FallbackToLogsOnError
          command:
            - python3
            - -I
            - -c
            - |
              {{- include "secrets-contract.v1.gate" . | replace "$" "$$" | nindent 14 }}
          args:
            {{- include "secrets-contract.v1.gateArguments" . | nindent 12 }}
          securityContext:
            {{- toYaml (ternary $small .options.gate.securityContext (kindIs "invalid" .options.gate.securityContext)) | nindent 12 }}
          {{- with .options.gate.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          volumeMounts:
            - name: own
              mountPath: /secrets/own
              readOnly: true
            {{- range $i, $name := $others }}
            - name: other-{{ $i }}
              mountPath: {{ printf "/secrets/others/%s" $name | quote }}
              readOnly: true
            {{- end }}
      volumes:
        # Optional: the kubelet mounts it when it appears, and the gate reports what is missing until then.
        - name: own
          secret:
            secretName: {{ .secret | quote }}
            optional: true
        {{- range $i, $name := $others }}
        - name: other-{{ $i }}
          secret:
            secretName: {{ $name | quote }}
            optional: true
        {{- end }}
{{- end -}}
