/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gimp/talk.c: progress, messages, displays and names: the part of host.h that a person
 * sees. */
#include "base/text.h"
#include "gimp/adapter.h"
#include "pixels/pixels.h"

static gboolean attended;

/* The part of the bar, and what its work has said already; whole: 0 to 1. */
static double part_from, part_to = 1;
static gboolean in_part;
static GHashTable *said;

void
adapter_set_attended(gboolean is_attended)
{
    attended = is_attended;
}

gboolean
adapter_attended(void)
{
    return attended && !in_part;
}

/* --- displays */

/* A flush makes GIMP compose the image again, and calls wait until that is done. So it is
 * done last: by the main loop of a window at once, by a run when it has ended. Where nobody
 * sees the image, as in a script, which flushes by itself, none is done: to compose the
 * fourteenth image with a profile of its own took GIMP 3.0.4 minutes. */
static guint flushing;

static gboolean
flush_displays(gpointer nothing)
{
    (void)nothing;
    flushing = 0;
    gimp_displays_flush();
    return G_SOURCE_REMOVE;
}

void
adapter_flush_later(void)
{
    if (!flushing && adapter_attended())
        flushing = g_idle_add(flush_displays, NULL);
}

void
adapter_flush_now(void)
{
    if (!flushing)
        return;
    g_source_remove(flushing);
    flush_displays(NULL);
}

/* --- progress and messages */

void
host_progress_part(double from, double to)
{
    if (!said)
        said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    in_part = TRUE;
    part_from = from;
    part_to = to;
}

void
host_progress_whole(void)
{
    in_part = FALSE;
    part_from = 0;
    part_to = 1;
}

void
host_progress_start(const char *text)
{
    if (!in_part)
        gimp_progress_init(text);
}

void
host_progress_text(const char *text)
{
    if (!in_part)
        gimp_progress_set_text(text);
}

void
host_progress(double done)
{
    gimp_progress_update(part_from + (part_to - part_from) * done);
}

void
host_progress_end(void)
{
    if (!in_part)
        gimp_progress_end();
}

void
host_message(const char *text)
{
    char *shorter = text_shorten(g_strdup(text));
    if (!in_part || g_hash_table_add(said, g_strdup(shorter)))
        gimp_message(shorter);
    g_free(shorter);
}

/* --- places */

char *
host_data_folder(void)
{
    return pixels_data_folder(gimp_get_progname());
}

const char *
host_name(void)
{
    static char *name;
    if (!name) {
        char *version = gimp_version();
        name = g_strconcat("GIMP ", version, NULL);
        g_free(version);
    }
    return name;
}
