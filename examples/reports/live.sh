#!/bin/sh
# SPDX-License-Identifier: MIT
# live.sh URL [OPTION...]: a picture of a server that serves folded stacks of itself.
#
#      live.sh http://localhost:6060/debug/folded --title "$(date)" -o now.svg
#
# When the server does not answer, nothing is drawn and the exit status is not 0.
set -eu
url=$1
shift
stacks=$(mktemp)
trap 'rm -f "$stacks"' EXIT
curl --silent --show-error --fail --max-time 60 --output "$stacks" "$url"
flamegraph "$@" <"$stacks"
