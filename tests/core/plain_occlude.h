/* plain_occlude.h: occlusion maps without any cleverness, to compare with.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PLAIN_OCCLUDE_H
#define PLAIN_OCCLUDE_H

#include "dcn.h"

/* As dcn_occlude(), for classifiers and a named layer; nothing is fused, packed or
 * folded. maps are to be freed either way. */
bool plain_occlude(const DcnModel *model,
                   DcnContext *context,
                   const DcnOcclusion *options,
                   const float *input,
                   DcnOcclusionMaps *maps,
                   DcnError *error);

/* Both, compared: ends the test where they differ. Probabilities may by 1e-4, activities
 * and scores by 1e-4 of the map's largest. */
void expect_plain_occlusion(const DcnModel *model,
                            const DcnOcclusion *options,
                            const float *picture,
                            const char *what);

#endif
