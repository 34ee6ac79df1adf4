/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kept.h: what one occlusion of a net leaves for the next one.
 *
 * The core keeps its plan and the run without a square. Where the same square goes over
 * the same picture, as when only a label or a colour is another one, all maps are there
 * already. */
#ifndef FEATURESCOPE_ACTIONS_OCCLUSION_KEPT_H
#define FEATURESCOPE_ACTIONS_OCCLUSION_KEPT_H

#include "net/net.h"

typedef struct OcclusionKept OcclusionKept;

OcclusionKept *occlusion_kept_new(void);
void occlusion_kept_free(OcclusionKept *kept); /* NULL is accepted */

/* As dcn_occlude(). *maps is borrowed until the next call; options->cells may not be
 * called. */
gboolean occlusion_kept_run(OcclusionKept *kept,
                            const Net *net,
                            int threads,
                            const DcnOcclusion *options,
                            const float *input,
                            const DcnOcclusionMaps **maps,
                            const DcnProgress *progress,
                            GError **error);

#endif
