/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gegl/tell.c: what goes wrong in an operation, on stderr. */

#include "gegl/tell.h"
#include "base/text.h"

/* A file's name may be typed letter by letter: there are never more sentences than this. */
#define MOST 100

static GMutex lock;
static GHashTable *told; /* sentences */

void
tell_once(const char *sentence)
{
    char *shorter = text_shorten(g_strdup(sentence));
    g_mutex_lock(&lock);
    if (!told)
        told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (g_hash_table_size(told) < MOST && g_hash_table_add(told, g_strdup(shorter)))
        g_printerr("featurescope: %s\n", shorter);
    g_mutex_unlock(&lock);
    g_free(shorter);
}
