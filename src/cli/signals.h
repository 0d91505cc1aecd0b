/*
 * signals: a run that a signal ends leaves no half-written file behind.
 */
#ifndef FLAMETREE_CLI_SIGNALS_H
#define FLAMETREE_CLI_SIGNALS_H

#include "cli/env.h"

/* From now on files that env->os creates and that have neither been renamed nor removed are removed
 * when SIGHUP, SIGINT, SIGQUIT, SIGTERM or SIGXCPU end the process. What was ignored stays ignored.
 * Further threads must block these signals. A file larger than `ulimit -f` allows is an error of
 * write() from then on, and so is a reader that went away. */
void signals_watch(struct env *env);

#endif
