/* SPDX-License-Identifier: GPL-3.0-or-later */
/* square.h: the square of an occlusion: how large it is, and how far it moves. */
#ifndef FEATURESCOPE_ACTIONS_OCCLUSION_SQUARE_H
#define FEATURESCOPE_ACTIONS_OCCLUSION_SQUARE_H

#include "net/net.h"

/* Chooses what is 0, and fails if the square is larger than the network's input. */
gboolean square_settle(const Net *net, int *size, int *step, GError **error);

#endif
