#!/bin/sh
# Written by `heimdall-pr plugin install`; `heimdall-pr plugin uninstall` removes it.
# Helm 4 drops the output of a plugin that fails, but prints output that it can't parse: a text, and a document that
# is no YAML.
if ! [ -x {{ interpreter }} ] || ! [ -e {{ present }} ]; then
  printf '|\n  heimdall-pr: nothing was installed: %s\n  fix: %s\n---\n: [\n' \
    "the Python environment that this plugin was installed from is gone or was moved" \
    "heimdall-pr plugin install, from the one that is there now"
  exit 0
fi
# -I: neither the working directory nor PYTHONPATH decides which code runs.
exec {{ interpreter }} -I {{ start }} "$@"
