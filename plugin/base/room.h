/* SPDX-License-Identifier: GPL-3.0-or-later */
/* room.h: whether this process may have the memory that any run takes. */
#ifndef FEATURESCOPE_BASE_ROOM_H
#define FEATURESCOPE_BASE_ROOM_H

#include <glib.h>

/* Of addresses, which is what a limit counts (RLIMIT_AS, "ulimit -v"): GEGL and babl end a
 * process that cannot have them, without a word that a caller would get. So this is asked
 * before they are started. FALSE with an error if less is left. */
#define ROOM_MB 400
gboolean room_is_enough(GError **error);

#endif
