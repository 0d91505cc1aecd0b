/*
 * inliner_debug_file: finds the separate file with the debug information of a program or library
 * on this machine. It does what dwfl_standard_find_debuginfo() does, without the last step of that:
 * asking the servers in DEBUGINFOD_URLS. No part of flametree opens a connection.
 *
 * For /usr/bin/x it looks at, in this order:
 *
 *      /usr/lib/debug/.build-id/ab/cdef....debug       by the build id
 *      /usr/bin/x.debug                                by the name in .gnu_debuglink; the file
 *      /usr/bin/.debug/x.debug                         must have the same build id, or the
 *      /usr/lib/debug/usr/bin/x.debug                  checksum if the program has no build id
 */
#ifndef FLAMETREE_FORMAT_INLINER_INLINER_DEBUG_FILE_H
#define FLAMETREE_FORMAT_INLINER_INLINER_DEBUG_FILE_H

#include <elfutils/libdwfl.h>

/* For Dwfl_Callbacks.find_debuginfo. */
int debug_file_find(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
                    const char *file, const char *link, GElf_Word checksum, char **found);

/* For Dwfl_Callbacks.find_elf. It finds nothing: our modules are reported with their file. */
int debug_file_no_elf(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
                      char **file, Elf **elf);

#endif
