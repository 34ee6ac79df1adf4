/* plain_occlude.h: occlusion maps without any cleverness, to compare with.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PLAIN_OCCLUDE_H
#define PLAIN_OCCLUDE_H

#include "dcn.h"

/* As dcn_occlude(). */
bool plain_occlude(const DcnModel *model,
                   DcnContext *context,
                   const DcnOcclusion *options,
                   const float *input,
                   DcnOcclusionMaps *maps,
                   const DcnProgress *progress,
                   DcnError *error);

#endif
