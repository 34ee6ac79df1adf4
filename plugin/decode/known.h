/* SPDX-License-Identifier: GPL-3.0-or-later */
/* known.h: what a file is that no loader here reads, for the sentence that says so. */
#ifndef FEATURESCOPE_DECODE_KNOWN_H
#define FEATURESCOPE_DECODE_KNOWN_H

#include "pixels/wire.h"

/* Sets the answer's name, and the bits of a value where these are what is not read. */
void known_tell(const guint8 *bytes, gsize size, WireAnswer *answer);

#endif
