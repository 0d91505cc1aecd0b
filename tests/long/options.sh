#!/bin/sh
# SPDX-License-Identifier: MIT
# Every option with every hostile value, input and output, under strace.
much=all
. "${srcdir:-.}/tests/cli/every-option.sh"
