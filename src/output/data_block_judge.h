/*
 * data_block_judge: what flamediff judged, for the viewer: verdicts of frames and functions, and
 * how values come from weights; doc/format.md, section 2.4.
 */
#ifndef FLAMETREE_OUTPUT_DATA_BLOCK_JUDGE_H
#define FLAMETREE_OUTPUT_DATA_BLOCK_JUDGE_H

#include "core/sink.h"
#include "format/embedded/embedded_writer.h"
#include "picture/picture.h"

/* Members of the object "delta", each after a comma. The picture has a differential. */
void data_block_put_judge(struct sink *sink, const struct picture *picture,
                          const struct embedded_writer *pack);

#endif
