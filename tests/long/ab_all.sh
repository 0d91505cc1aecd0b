#!/bin/sh
# SPDX-License-Identifier: MIT
# tests/cli/ab.sh with every split.
exec "${SHELL:-sh}" "${srcdir:-.}/tests/cli/ab.sh" --all
