#!/bin/sh
# Written by `heimdall-pr plugin install`; `heimdall-pr plugin uninstall` removes it.
# -I: neither the folder that Helm runs in nor PYTHONPATH decides which code runs.
exec {{ interpreter }} -I -c {{ program }} "$@"
