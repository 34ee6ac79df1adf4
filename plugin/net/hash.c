/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hash.c: the SHA-256 of a model file, remembered. */

#include "net/hash.h"
#include "base/load.h"
#include "base/save.h"
#include "base/stamp.h"
#include <glib/gstdio.h>
#include <unistd.h>

/* Entries kept; beyond, the cache starts anew. */
#define MOST_ENTRIES 200

#define PIECE 65536

static char *
sum(const char *path)
{
    int fd = load_open(path, NULL);
    if (fd < 0)
        return NULL;
    guchar *piece = g_malloc(PIECE);
    GChecksum *all = g_checksum_new(G_CHECKSUM_SHA256);
    ssize_t got;
    while ((got = read(fd, piece, PIECE)) > 0)
        g_checksum_update(all, piece, got);
    char *hex = got < 0 ? NULL : g_strdup(g_checksum_get_string(all));
    g_checksum_free(all);
    g_free(piece);
    close(fd);
    return hex;
}

/* One group a file, named by a hash of its path: a group's name may not hold "]". */
static char *
remembered(GKeyFile *cache, const char *group, const Stamp *now)
{
    Stamp was = {
        .mtime = g_key_file_get_int64(cache, group, "mtime", NULL),
        .ctime = g_key_file_get_int64(cache, group, "ctime", NULL),
        .size = g_key_file_get_int64(cache, group, "size", NULL),
        .inode = g_key_file_get_uint64(cache, group, "inode", NULL),
    };
    return stamp_is_same(&was, now) ? g_key_file_get_string(cache, group, "sha256", NULL)
                                    : NULL;
}

static void
remember(GKeyFile *cache,
         const char *cache_path,
         const char *group,
         const Stamp *now,
         const char *hex)
{
    char *folder = g_path_get_dirname(cache_path);
    g_key_file_set_int64(cache, group, "mtime", now->mtime);
    g_key_file_set_int64(cache, group, "ctime", now->ctime);
    g_key_file_set_int64(cache, group, "size", now->size);
    g_key_file_set_uint64(cache, group, "inode", now->inode);
    g_key_file_set_string(cache, group, "sha256", hex);
    /* A cache that cannot be written is no error: the sum is only computed again. */
    if (g_mkdir_with_parents(folder, 0700) == 0)
        save_keys(cache_path, cache, NULL);
    g_free(folder);
}

char *
hash_file(const char *path)
{
    Stamp now = stamp_of(path);
    if (now.size < 0)
        return NULL;
    char *group = g_compute_checksum_for_string(G_CHECKSUM_SHA1, path, -1);
    char *cache_path =
        g_build_filename(g_get_user_cache_dir(), "featurescope", "sha256.ini", NULL);
    GKeyFile *cache = g_key_file_new();
    gsize n_groups = 0;
    load_keys(cache, cache_path, G_KEY_FILE_NONE, NULL);
    g_strfreev(g_key_file_get_groups(cache, &n_groups));

    char *hex = remembered(cache, group, &now);
    if (!hex) {
        if (n_groups >= MOST_ENTRIES) {
            g_key_file_unref(cache);
            cache = g_key_file_new();
        }
        hex = sum(path);
        Stamp after = stamp_of(path); /* it may have been changed while it was read */
        if (hex && stamp_is_same(&now, &after))
            remember(cache, cache_path, group, &now, hex);
    }
    g_key_file_unref(cache);
    g_free(cache_path);
    g_free(group);
    return hex;
}
