#!/bin/sh
# SPDX-License-Identifier: MIT
# dist-tar.sh DIRECTORY: a tar archive of DIRECTORY on standard output, for `make dist`. Its bytes
# depend on the names and contents of the files only: not on their dates, their owner, the umask or
# the order in which the file system lists them. All dates are SOURCE_DATE_EPOCH, or that of the
# last commit, or, in an unpacked tarball, that of its files.
set -eu
LC_ALL=C
export LC_ALL
tar=${TAR:-tar}
here=$(dirname "$0")/..

if [ -n "${SOURCE_DATE_EPOCH-}" ]; then
    date=@$SOURCE_DATE_EPOCH
elif [ -e "$here/.git" ] && date=$(git -C "$here" log -1 --format=@%ct 2>/dev/null); then
    :
else
    date=$(date -r "$here/NEWS.md" +@%s)
fi

case $("$tar" --version 2>/dev/null) in
*'GNU tar'*) ;;
*)
    echo 'dist-tar.sh: without GNU tar the archive is not reproducible' >&2
    exec "$tar" chof - "$1"
    ;;
esac
exec "$tar" --create --format=ustar --sort=name --mtime="$date" --owner=0 --group=0 \
    --numeric-owner --mode=u=rwX,go=rX --dereference --file=- "$1"
