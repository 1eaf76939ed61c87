{{/* The policy: an API server takes no Secret that breaks what can be told of one object in base64 (docs/policy.md). */}}

{{/* (FACTS): it has no namespace, so its name contains it; a namespace has no dot, and at most 63 characters: 189 remain. */}}
{{- define "secrets-contract.v1.policyName" -}}
{{- $own := printf "%s.%s-secrets" .fullname .spec.application -}}
{{- if not (include "secrets-contract.v1.isName" (printf "%s.%s" .namespace $own)) -}}
{{- $own = include "secrets-contract.v1.label" (list $own 189) -}}
{{- end -}}
{{- printf "%s.%s" .namespace $own -}}
{{- end -}}

{{/* (FACTS): the policy and its binding. The keys are written out and are no parameter of the policy: an API server no longer watches
     parameters that are ConfigMaps once no binding asks for one (kubernetes/kubernetes#130887), and every policy made after that would
     have no effect until the API server restarts. */}}
{{- define "secrets-contract.v1.policy" -}}
{{- $name := include "secrets-contract.v1.policyName" . -}}
{{- $keys := include "secrets-contract.v1.policyKeys" . -}}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: {{ $name | quote }}
  labels:
    {{- include "secrets-contract.v1.labels" (list . "policy") | trim | nindent 4 }}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      # Never DELETE: uninstalling, and deleting the namespace, would hang.
      - apiGroups: [""]
        apiVersions: [v1]
        operations: [CREATE, UPDATE]
        resources: [secrets]
  matchConditions:
    - name: is-the-secret-of-the-contract
      expression: {{ printf "object.metadata.name == '%s'" .secret | quote }}
    # One that is on its way out still has its finalizers taken away.
    - name: is-not-being-deleted
      expression: "!has(object.metadata.deletionTimestamp)"
  variables:
    - name: missing
      expression: >-
        [{{ $keys | default "''" }}].filter(key,
        {{ if not $keys }}key != ''
        {{- else }}!has(object.data) || !(key in object.data) || object.data[key] == null || size(object.data[key]) == 0{{ end }})
  validations:
    - expression: size(variables.missing) == 0
      reason: Invalid
      messageExpression: >-
        '{{ regexReplaceAll `[^\w .,()/-]+` .title "" }} needs ' + variables.missing.join(', ') + ' in the Secret ' + object.metadata.name +
        ', which would be without: add what is missing where the Secret is made, all keys at once'
    {{- range include "secrets-contract.v1.validations" . | fromJsonArray }}
    - expression: {{ .expression | quote }}
      reason: Invalid
      message: {{ .message | quote }}
    {{- end }}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: {{ $name | quote }}
  labels:
    {{- include "secrets-contract.v1.labels" (list . "policy") | trim | nindent 4 }}
spec:
  policyName: {{ $name | quote }}
  validationActions: {{ ternary "[Deny]" "[Audit, Warn]" (eq (.options.policy.action | default "Deny") "Deny") }}
  matchResources:
    namespaceSelector:
      matchLabels:
        kubernetes.io/metadata.name: {{ .namespace | quote }}
{{- end -}}

{{/* (FACTS): the keys that are expected in the Secret, as items of a list in CEL; an empty one would not be a list of texts there. */}}
{{- define "secrets-contract.v1.policyKeys" -}}
{{- $keys := list -}}
{{- range .required -}}
{{- $from := get $.from .key -}}
{{- if eq $from.secret $.secret -}}{{- $keys = append $keys (printf "'%s'" $from.key) -}}{{- end -}}
{{- end -}}
{{- join ", " $keys -}}
{{- end -}}

{{/* (FACTS): what else must be true of the Secret, as JSON: [{expression, message}]. The size of a value comes from its base64. */}}
{{- define "secrets-contract.v1.validations" -}}
{{- $found := list -}}
{{- $where := printf "in the Secret %s" .secret -}}
{{- $facts := . -}}
{{- $named := dict -}}
{{- range include "secrets-contract.v1.ownKeys" . | fromJsonArray -}}
{{- $key := .key -}}
{{- $_ := set $named .name $key -}}
{{- $there := include "secrets-contract.v1.isThere" $key -}}
{{- $value := printf "object.data['%s']" $key -}}
{{- $size := printf "(size(%s) / 4 * 3 - (%s.endsWith('==') ? 2 : %s.endsWith('=') ? 1 : 0))" $value $value $value -}}
{{- $length := include "secrets-contract.v1.length" (get $facts.spec.keys .name | default dict) | fromJson -}}
{{- with $length.min -}}
{{- $found = append $found (dict "expression" (printf "!(%s) || %s >= %d" $there $size (int .))
  "message" (printf "%s must have at least %d characters %s" $key (int .) $where)) -}}
{{- end -}}
{{- with $length.in | default (ternary (list $length.exact) list (hasKey $length "exact")) -}}
{{- $sizes := include "secrets-contract.v1.sizes" . -}}
{{- $found = append $found (dict "expression" (printf "!(%s) || %s in [%s]" $there $size ($sizes | replace " or " ", "))
  "message" (printf "%s must have %s characters %s" $key $sizes $where)) -}}
{{- end -}}
{{- end -}}
{{- $groups := include "secrets-contract.v1.groups" (list . $named) | fromJson -}}
{{- range splitList "," (get $groups "oneOf" | default "") -}}
{{- if . -}}
{{- $ways := list -}}
{{- range splitList "|" . -}}
{{- $keys := list -}}
{{- range splitList "+" . -}}{{- $keys = append $keys (include "secrets-contract.v1.isThere" .) -}}{{- end -}}
{{- $ways = append $ways (printf "(%s)" (join " && " $keys)) -}}
{{- end -}}
{{- $text := . | replace "|" " or " | replace "+" " with " -}}
{{- $found = append $found (dict "expression" (join " || " $ways) "message" (printf "%s must be there %s" $text $where)) -}}
{{- end -}}
{{- end -}}
{{- range splitList "," (get $groups "together" | default "") -}}
{{- if . -}}
{{- $keys := list -}}
{{- range splitList "+" . -}}{{- $keys = append $keys (printf "(%s ? 1 : 0)" (include "secrets-contract.v1.isThere" .)) -}}{{- end -}}
{{- $found = append $found (dict "expression" (printf "(%s) in [0, %d]" (join " + " $keys) (len $keys))
  "message" (printf "%s belong together %s" (. | replace "+" " and ") $where)) -}}
{{- end -}}
{{- end -}}
{{- range splitList "," (get $groups "equal" | default "") -}}
{{- if and . (not (contains "/" .)) -}}
{{- $one := splitList "=" . | first -}}{{- $two := splitList "=" . | last -}}
{{- $there := printf "!(%s) || !(%s)" (include "secrets-contract.v1.isThere" $one) (include "secrets-contract.v1.isThere" $two) -}}
{{- $found = append $found (dict "expression" (printf "%s || object.data['%s'] == object.data['%s']" $there $one $two)
  "message" (printf "%s and %s must have the same value %s" $one $two $where)) -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{/* (KEY): that it is there and not empty, in CEL. The API server takes null for an empty value, and CEL knows no size of null. */}}
{{- define "secrets-contract.v1.isThere" -}}
{{- printf "has(object.data) && '%s' in object.data && !(object.data['%s'] == null || size(object.data['%s']) == 0)" . . . -}}
{{- end -}}
