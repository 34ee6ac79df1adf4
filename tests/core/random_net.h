/* random_net.h: nets for tests of whole plans. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef RANDOM_NET_H
#define RANDOM_NET_H

#include "build_model.h"
#include <stdbool.h>

/* A classifier of "picture", 3 maps of 29 x 33 pixels or the same with nhwc, that has a
 * last spatial tensor "watched". Some seeds make pools that are too small to be a net. */
NewModel *random_net(guint32 seed, bool nhwc);

/* A fully connected layer so large that occlusion runs it for many positions at once.
 * bypass: scores have the picture by another way too, and it may not be. Picture and
 * "watched" as above. */
NewModel *net_with_a_large_head(bool bypass);

#endif
