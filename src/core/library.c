/*
 * library: see library.h.
 */
#include "core/library.h"

#include <dlfcn.h>
#include <string.h>

void *library_open(const char *name)
{
    return dlopen(name, RTLD_NOW | RTLD_LOCAL);
}

/* POSIX has addresses of functions and of data alike, ISO C lets one be copied to the other. */
bool library_find(void *library, const char *name, void *to)
{
    void *at = dlsym(library, name);
    memcpy(to, &at, sizeof at);
    return at != NULL;
}

void library_close(void *library)
{
    if (library)
        dlclose(library);
}
