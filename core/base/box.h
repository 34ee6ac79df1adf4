/* SPDX-License-Identifier: GPL-3.0-or-later */
/* box.h: arithmetic on boxes of channels x height x width, half open on each axis.
 *
 * A box is empty if its end is not behind its begin on some axis. */
#ifndef DCN_BASE_BOX_H
#define DCN_BASE_BOX_H

#include "dcn.h"

static inline int64_t
dcn_min_i64(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static inline int64_t
dcn_max_i64(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static inline bool
dcn_box_is_empty(const DcnBox *box)
{
    for (int i = 0; i < 3; i++)
        if (box->end[i] <= box->begin[i])
            return true;
    return false;
}

static inline bool
dcn_box_contains(const DcnBox *whole, const DcnBox *part)
{
    for (int i = 0; i < 3; i++)
        if (part->begin[i] < whole->begin[i] || part->end[i] > whole->end[i])
            return false;
    return true;
}

/* Makes box the smallest one around itself and the other. */
static inline void
dcn_box_join(DcnBox *box, const DcnBox *other)
{
    if (dcn_box_is_empty(other))
        return;
    if (dcn_box_is_empty(box)) {
        *box = *other;
        return;
    }
    for (int i = 0; i < 3; i++) {
        box->begin[i] = dcn_min_i64(box->begin[i], other->begin[i]);
        box->end[i] = dcn_max_i64(box->end[i], other->end[i]);
    }
}

/* Makes box what it and the other have in common; all zeroes if that is nothing. */
static inline void
dcn_box_cut(DcnBox *box, const DcnBox *other)
{
    for (int i = 0; i < 3; i++) {
        box->begin[i] = dcn_max_i64(box->begin[i], other->begin[i]);
        box->end[i] = dcn_min_i64(box->end[i], other->end[i]);
    }
    if (dcn_box_is_empty(box))
        *box = (DcnBox){{0}, {0}};
}

#endif
