/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/tell.h: what goes wrong in an operation, on stderr. */
#ifndef FEATURESCOPE_GEGL_TELL_H
#define FEATURESCOPE_GEGL_TELL_H

#include <glib.h>

/* Writes "featurescope: SENTENCE", once for each sentence. In any thread. */
void tell_once(const char *sentence);

#endif
