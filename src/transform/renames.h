/* SPDX-License-Identifier: MIT */
/*
 * renames: trees whose frames get other names.
 */
#ifndef FLAMETREE_TRANSFORM_RENAMES_H
#define FLAMETREE_TRANSFORM_RENAMES_H

#include "profile/tree.h"
#include "transform/name_rules.h"

enum rename_set {
    RENAME_FUNCTIONS, /* --fold-names: names that differ between runs or builds become one */
    RENAME_PROCESSES, /* the same for the names of processes */
    RENAME_HEX,       /* --strip-hex: "0x" and hex digits become "0x..." */
};

/* Add the rules of a set. False when memory runs out. */
bool rename_add_rules(struct name_rules *rules, enum rename_set set, struct err *err);

/* As name_rules_rename(), but a name that takes too long to match is no error. False when memory
 * runs out. */
bool rename_text(struct name_rules *rules, str *text, struct arena *arena, struct err *err);

/* Rename all frames of the tree by RENAME_FUNCTIONS or RENAME_HEX. process_first: the first frame
 * of each stack is the name of a process, which has rules of its own. False when memory runs out;
 * the tree stays as it is. */
bool rename_frames(struct tree *tree, enum rename_set set, bool process_first, struct err *err);

/* In a chain graph, "--" separates a blocked stack from the stacks of the threads that woke it.
 * Mark each frame above a "--", other than a first frame, with _[w]. Separators stay as they are.
 * `into` is not made yet. */
void rename_wakers(struct tree *into, const struct tree *from);

#endif
