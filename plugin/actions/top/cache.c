/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cache.c: the user's cache folder for indexes, kept below a size. */

#include "actions/top/cache.h"
#include "base/stamp.h"
#include <glib/gstdio.h>
#include <string.h>

char *
top_cache_folder(void)
{
    return g_build_filename(g_get_user_cache_dir(), "featurescope", "top", NULL);
}

typedef struct {
    char *path;
    guint64 size;
    gint64 mtime; /* nanoseconds */
} Kept;

static int
oldest_first(const void *a, const void *b)
{
    const Kept *x = a, *y = b;
    if (x->mtime != y->mtime)
        return x->mtime < y->mtime ? -1 : 1;
    return strcmp(x->path, y->path);
}

/* A file that a killed process left under its temporary name counts too, and is removed
 * as well. */
void
top_cache_prune(const char *folder, guint64 limit, const char *keep)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Kept));
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;
    guint64 total = 0;
    while (dir && (name = g_dir_read_name(dir))) {
        Kept kept = {.path = g_build_filename(folder, name, NULL)};
        Stamp now = stamp_of(kept.path);
        if (strstr(name, TOP_CACHE_SUFFIX) && now.size >= 0) {
            kept.size = (guint64)now.size;
            kept.mtime = now.mtime;
            total += kept.size;
            g_array_append_val(all, kept);
        } else {
            g_free(kept.path);
        }
    }
    if (dir)
        g_dir_close(dir);
    g_array_sort(all, oldest_first);
    for (guint i = 0; i < all->len; i++) {
        Kept *kept = &g_array_index(all, Kept, i);
        if (total > limit && !g_str_equal(kept->path, keep) && g_unlink(kept->path) == 0)
            total -= kept->size;
        g_free(kept->path);
    }
    g_array_unref(all);
}
