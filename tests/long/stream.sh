#!/bin/sh
# SPDX-License-Identifier: MIT
# tests/read/stream.sh with 4 GB, more than fits in 32 bits.
STREAM_MB=4096
export STREAM_MB
exec "${SHELL:-sh}" "${srcdir:-.}/tests/read/stream.sh"
