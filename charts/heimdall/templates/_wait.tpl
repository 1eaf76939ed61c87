{{/* The init container that logs in to the database before the application starts. Without it the application would be restarted until
     its database is there, and its log would not say what to do. */}}

{{/* (FACTS): it has the application's variables of the database. The image is PostgreSQL's, whose psql does it. With the application's
     resources the pod asks for no more than without it. */}}
{{- define "heimdall-pr.wait" -}}
{{- $root := .root -}}
{{- $script := print "wait_seconds=" (int $root.Values.waitForDatabase.timeout) "\n" (include "heimdall-pr.wait.script" .) -}}
- name: wait-for-database
  image: {{ include "heimdall-pr.image" (dict "root" $root "image" $root.Values.postgresql.image) | quote }}
  imagePullPolicy: {{ $root.Values.postgresql.image.pullPolicy }}
  command:
    - sh
    - -c
    - |
      {{- $script | replace "$" "$$" | nindent 6 }}
  envFrom:
    - configMapRef:
        name: {{ .fullname }}-config
  env:
    - name: ADVICE
      value: {{ include "heimdall-pr.wait.advice" . | replace "$" "$$" | quote }}
    {{- range .known }}
    {{- if hasPrefix "DATABASE_" . }}
    {{- include "heimdall-pr.envOf" (list $ .) | nindent 4 }}
    {{- end }}
    {{- end }}
  securityContext:
    {{- toYaml $root.Values.securityContext | nindent 4 }}
  {{- with $root.Values.resources }}
  resources:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  volumeMounts:
    - name: tmp
      mountPath: /tmp
    {{- with .authorities.databaseCa.file }}
    - name: database-ca
      mountPath: {{ dir . }}
      readOnly: true
    {{- end }}
{{- end -}}

{{/* The password is in PGPASSWORD and in no argument. What psql says has no password in it. If the application logs in by what psql can't
     do alike (DATABASE_URL, a client's certificate, public authorities), the server only has to answer. */}}
{{- define "heimdall-pr.wait.script" -}}
export PGHOST="$DATABASE_HOST" PGPORT="$DATABASE_PORT" PGUSER="$DATABASE_USERNAME" PGDATABASE="$DATABASE_NAME"
export PGPASSWORD="$DATABASE_PASSWORD" PGCONNECT_TIMEOUT=5 PGSSLMODE=disable
say() { printf 'wait-for-database: %s\n' "$*"; }
by=login
if [ "$DATABASE_SSL" = true ]; then
  PGSSLMODE=verify-full
  case "${DATABASE_SSL_CA-}" in
    *-----BEGIN*) printf '%s\n' "$DATABASE_SSL_CA" >/tmp/database-ca.pem; export PGSSLROOTCERT=/tmp/database-ca.pem ;;
    ?*) export PGSSLROOTCERT="$DATABASE_SSL_CA" ;;
    *) by=answer ;;
  esac
  if [ "${DATABASE_SSL_INSECURE-}" = true ]; then by=login PGSSLMODE=require; unset PGSSLROOTCERT; fi
fi
[ -z "${DATABASE_URL-}${DATABASE_SSL_CERT-}${DATABASE_SSL_KEY-}" ] || by=answer
if [ "$by" = answer ]; then
  PGSSLMODE=prefer
  unset PGPASSWORD PGSSLROOTCERT
fi
answers() { pg_isready --quiet --timeout=5; }
tries() {
  if [ "$by" = answer ]; then answers; else psql --no-psqlrc --no-password --quiet --command 'SELECT 1' 2>&1 >/dev/null; fi
}
[ -z "${DATABASE_URL-}" ] || { say "not checked: DATABASE_URL says which database it is"; exit 0; }
say "$PGUSER logs in to $PGDATABASE at $PGHOST:$PGPORT; by $by"
end=$(($(date +%s) + wait_seconds)) refused=0 before=
until now=$(tries); do
  [ "$now" = "$before" ] || say "${now:-no answer}"
  before=$now
  if answers; then
    refused=$((refused + 1))
    [ "$refused" -ne 2 ] || printf '%s\n' "$ADVICE"
    # Again from the start: a Secret that was put right is only in a new container.
    [ "$refused" -lt 20 ] || { say "the login fails"; exit 1; }
  fi
  [ "$(date +%s)" -lt "$end" ] || { say "no login within $wait_seconds seconds"; exit 1; }
  sleep 3
done
say "done"
{{- end -}}

{{/* (FACTS): what to do if the server answers and the login fails. */}}
{{- define "heimdall-pr.wait.advice" -}}
The database answers and refuses the login: DATABASE_PASSWORD, the user or the name of the database is not the one that it has.
Heimdall's old pod has ended already (strategy: Recreate): it is down until this is right.
{{- if .embedded }}
PostgreSQL takes its password when it makes its volume, and never later: a new DATABASE_PASSWORD changes nothing in the database.
  Either put the old DATABASE_PASSWORD back ({{ template "heimdall-pr.wait.source" . }}),
  or give the database the new one, which this asks for:
{{ include "heimdall-pr.text.alter" .root }}
{{- else }}
  Put right what is wrong: the password in the database, or DATABASE_PASSWORD ({{ template "heimdall-pr.wait.source" . }}),
  {{ .prefix }}externalDatabase.username and {{ .prefix }}externalDatabase.name.
{{- end }}
{{- end -}}

{{- define "heimdall-pr.wait.source" -}}
the key {{ .from.DATABASE_PASSWORD.key }} of the Secret {{ .from.DATABASE_PASSWORD.secret }}
{{- end -}}
