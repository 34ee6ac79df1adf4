/* model_run.h: what a model answers. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_RUN_H
#define MODEL_RUN_H

#include "dcn.h"

/* The first output of two images of seeded noise, to be freed by g_free(). NULL, and the
 * reason printed: there is none. */
float *model_run(const DcnModel *model, size_t *count);

#endif
