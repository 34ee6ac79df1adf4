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

#endif
