/* SPDX-License-Identifier: GPL-3.0-or-later */
/* loader.h: a limit of time for the host's own loaders.
 *
 * GIMP's loaders are plug-ins: processes that GIMP has started, as it has this one, and some
 * never come to the end of a damaged file. A caller of GIMP waits as long. */
#ifndef FEATURESCOPE_PIXELS_LOADER_H
#define FEATURESCOPE_PIXELS_LOADER_H

#include <glib.h>

typedef struct LoaderWatch LoaderWatch;

/* Processes that the parent of this one starts from now on, and that have the file open, are
 * killed once they have taken more than `seconds` of processor time. Others of our own that
 * read it meanwhile were started before. Nothing is watched where there is no /proc. */
LoaderWatch *loader_watch(const char *path, int seconds);

/* The end of it: frees the watch. TRUE: a process was killed. */
gboolean loader_unwatch(LoaderWatch *watch);

#endif
