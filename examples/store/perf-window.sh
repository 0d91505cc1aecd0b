#!/bin/sh
# SPDX-License-Identifier: MIT
# perf-window.sh STORE [SECONDS [KEY=VALUE...]]: record all processes of this machine for so long
# (55 s), and add the recording to the store, with these labels and the name of the host.
set -eu
store=$1
seconds=${2:-55}
[ $# -lt 2 ] || shift
shift
host=$(uname -n)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

from=$(date +%s)
perf record -q -F 99 -a -g -o "$work/perf.data" -- sleep "$seconds"
until=$(date +%s)
for label; do
    set -- "$@" --tag "$label"
    shift
done
flamestore --store "$store" add --source "perf-$host" --tag "host=$host" "$@" \
    --from "$from" --until "$until" "$work/perf.data"
