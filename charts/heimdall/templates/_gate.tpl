{{/* The gate: whether there is one, its name and its arguments. */}}

{{/* "true" if it is rendered: only an existing Secret is made by somebody else. */}}
{{- define "heimdall-pr.gated" -}}
{{- if and .Values.gate.enabled (eq (include "heimdall-pr.approach" .) "existing") -}}true{{- end -}}
{{- end -}}

{{/* The Job's name says what is wrong: Helm 4 prints nothing else when it fails. */}}
{{- define "heimdall-pr.gateName" -}}
{{- printf "%s-requires-secret" (include "heimdall-pr.fullname" .) -}}
{{- end -}}

{{/* (FACTS): what the contract says, as arguments: nothing of the release exists yet when it runs. */}}
{{- define "heimdall-pr.gateArguments" -}}
- --dir=/secrets/own
- --others=/secrets/others
- --report=/dev/termination-log
- {{ printf "--secret=%s" .secret | quote }}
- {{ printf "--namespace=%s" .root.Release.Namespace | quote }}
- {{ printf "--required=%s" (include "heimdall-pr.contractRequired" .) | quote }}
- {{ printf "--lengths=%s" (include "heimdall-pr.contractLengths" .) | quote }}
- {{ printf "--sources=%s" (include "heimdall-pr.contractSources" .) | quote }}
- {{ printf "--timeout=%v" (int .root.Values.gate.timeout) | quote }}
{{- end -}}
