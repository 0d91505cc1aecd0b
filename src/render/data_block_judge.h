/*
 * data_block_judge: what the viewer needs to judge changes as flamediff did, in trees that only it
 * knows: how values come from weights, and how runs differ.
 */
#ifndef FLAMETREE_RENDER_DATA_BLOCK_JUDGE_H
#define FLAMETREE_RENDER_DATA_BLOCK_JUDGE_H

#include "core/sink.h"
#include "stack/pack.h"
#include "view/picture.h"

/* Members of the object "delta", each behind a comma. The picture has a differential. */
void data_block_put_judge(struct sink *sink, const struct picture *picture,
                          const struct pack *pack);

#endif
