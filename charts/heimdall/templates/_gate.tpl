{{/* The gate: whether there is one, what it mounts, what it is told. */}}

{{/* "true" where it is rendered: only an existing Secret is somebody else's to bring. */}}
{{- define "heimdall-pr.gated" -}}
{{- if and .Values.gate.enabled (eq (include "heimdall-pr.approach" .) "existing") -}}true{{- end -}}
{{- end -}}

{{/* Helm 4 prints the Job's name where it failed, so that it says what is wrong. */}}
{{- define "heimdall-pr.gateName" -}}
{{- printf "%s-secret-not-ready" (include "heimdall-pr.fullname" .) -}}
{{- end -}}

{{/* The other Secrets that keys come from, as a JSON list. */}}
{{- define "heimdall-pr.otherSecrets" -}}
{{- without (include "heimdall-pr.secretNames" . | fromJsonArray) (include "heimdall-pr.secretName" .) | toJson -}}
{{- end -}}

{{/* What the contract says, as arguments: nothing of the release is there yet when it runs. */}}
{{- define "heimdall-pr.gateArguments" -}}
- --dir=/secrets/own
- --others=/secrets/others
- {{ printf "--secret=%s" (include "heimdall-pr.secretName" .) | quote }}
- {{ printf "--namespace=%s" .Release.Namespace | quote }}
- {{ printf "--required=%s" (include "heimdall-pr.contractRequired" .) | quote }}
- {{ printf "--lengths=%s" (include "heimdall-pr.contractLengths" .) | quote }}
- {{ printf "--sources=%s" (include "heimdall-pr.contractSources" .) | quote }}
- {{ printf "--timeout=%v" (int .Values.gate.timeout) | quote }}
{{- end -}}
