/* SPDX-License-Identifier: GPL-3.0-or-later */
/* switches.h: MaxPool in training: the place of each maximum is found with it and kept.
 * Inside core/ops/ only.
 *
 * A projection looks places up where its signal is (maxpool.c); in training every window
 * has one. */
#ifndef DCN_OPS_POOL_SWITCHES_H
#define DCN_OPS_POOL_SWITCHES_H

#include "ops/kit/window.h"

/* The number of an element within its window. */
typedef uint8_t DcnSwitch;

/* How a plane is laid out for the search; see switches.c. */
typedef struct {
    DcnWindow window;
    size_t lanes, pitch;    /* of a row of the copy: windows, floats */
    size_t depth, rows;     /* of the copy */
    size_t phase;           /* rows of each phase */
    size_t copy, row_lanes; /* floats of all of it; lanes of all rows */
    size_t outs;            /* lanes of the outputs of one depth */
} DcnSwitches;

/* True if windows are small enough. The other functions are for those that are. */
bool dcn_switches_fit(const DcnWindow *w);

DcnSwitches dcn_switches(const DcnWindow *w);

/* Scratch bytes that a plane takes. */
size_t dcn_switches_scratch(const DcnSwitches *s);

/* x: a plane of the input; y, switches: of the output. Of equals the lowest number wins;
 * NaN and padding are never chosen; where nothing is larger than -INFINITY, the switch is
 * that of the first place of the input that the window sees. */
void dcn_switches_find(
    const DcnSwitches *s, const float *x, float *y, DcnSwitch *switches, void *scratch);

/* dx += dy, each where its maximum was. */
void dcn_switches_back(const DcnSwitches *s,
                       const DcnSwitch *switches,
                       const float *dy,
                       float *dx);

#endif
