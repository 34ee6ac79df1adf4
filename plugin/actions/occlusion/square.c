/* SPDX-License-Identifier: GPL-3.0-or-later */
/* square.c: the square of an occlusion: how large it is, and how far it moves. */

#include "actions/occlusion/square.h"
#include "base/fail.h"

/* The paper's proportions: on a side of 224 a square of 32 pixels, moved by 8. */
#define AUTO_SQUARES 7
#define AUTO_STEPS 28

gboolean
square_settle(const Net *net, int *size, int *step, GError **error)
{
    int side = MAX(net->height, net->width);
    if (!*size)
        *size = MAX(1, (side + AUTO_SQUARES / 2) / AUTO_SQUARES);
    if (!*step)
        *step = MAX(1, (side + AUTO_STEPS / 2) / AUTO_STEPS);
    return (*size <= side && *step <= side) ||
           fail_input(
               error,
               _("A square of %d pixels, moved by %d, is out of range: the network sees %d × %d pixels."),
               *size, *step, net->width, net->height);
}
