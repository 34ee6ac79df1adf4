/* SPDX-License-Identifier: GPL-3.0-or-later */
/* damage.h: whether an image file is whole. */
#ifndef FEATURESCOPE_PHOTO_DAMAGE_H
#define FEATURESCOPE_PHOTO_DAMAGE_H

#include "host.h"

/* What is wrong with a file, a sentence; "": nothing, or only the editor's own loaders
 * know its format; NULL with an error: it could not be found out. g_free()
 *
 * An editor's loaders open a JPEG that was cut off, with the missing part gray, and its
 * writers say nothing of a full disk when they close a file. */
char *damage_of(const char *file, GError **error);

/* The same with its pixels, if it is whole: NULL if only the editor's own loaders know its
 * format. FALSE with an error if it is not whole. */
gboolean damage_decode(const char *file, HostPixels **pixels, GError **error);

/* FALSE with that sentence if there is one. */
gboolean damage_refuse(const char *file, GError **error);

#endif
