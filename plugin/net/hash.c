/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hash.c: the SHA-256 of a model file, remembered. */

#include "net/hash.h"
#include "base/save.h"
#include <glib/gstdio.h>

/* Entries kept; beyond, the cache starts anew. */
#define MOST_ENTRIES 200

static char *
sum(const char *path)
{
    GMappedFile *file = g_mapped_file_new(path, FALSE, NULL);
    if (!file)
        return NULL;
    char *hex = g_compute_checksum_for_data(
        G_CHECKSUM_SHA256, (const guchar *)g_mapped_file_get_contents(file),
        g_mapped_file_get_length(file));
    g_mapped_file_unref(file);
    return hex;
}

/* One group a file, named by a hash of its path: a group's name may not hold "]". */
static char *
remembered(GKeyFile *cache, const char *group, const GStatBuf *now)
{
    if (g_key_file_get_int64(cache, group, "mtime", NULL) != now->st_mtime ||
        g_key_file_get_int64(cache, group, "size", NULL) != now->st_size ||
        g_key_file_get_uint64(cache, group, "inode", NULL) != now->st_ino)
        return NULL;
    return g_key_file_get_string(cache, group, "sha256", NULL);
}

static void
remember(GKeyFile *cache,
         const char *cache_path,
         const char *group,
         const GStatBuf *now,
         const char *hex)
{
    char *folder = g_path_get_dirname(cache_path);
    g_key_file_set_int64(cache, group, "mtime", now->st_mtime);
    g_key_file_set_int64(cache, group, "size", now->st_size);
    g_key_file_set_uint64(cache, group, "inode", now->st_ino);
    g_key_file_set_string(cache, group, "sha256", hex);
    /* A cache that cannot be written is no error: the sum is only computed again. */
    if (g_mkdir_with_parents(folder, 0700) == 0)
        save_keys(cache_path, cache, NULL);
    g_free(folder);
}

char *
hash_file(const char *path)
{
    GStatBuf now;
    if (g_stat(path, &now) != 0)
        return NULL;
    char *group = g_compute_checksum_for_string(G_CHECKSUM_SHA1, path, -1);
    char *cache_path =
        g_build_filename(g_get_user_cache_dir(), "featurescope", "sha256.ini", NULL);
    GKeyFile *cache = g_key_file_new();
    gsize n_groups = 0;
    g_key_file_load_from_file(cache, cache_path, G_KEY_FILE_NONE, NULL);
    g_strfreev(g_key_file_get_groups(cache, &n_groups));

    char *hex = remembered(cache, group, &now);
    if (!hex) {
        if (n_groups >= MOST_ENTRIES) {
            g_key_file_unref(cache);
            cache = g_key_file_new();
        }
        hex = sum(path);
        if (hex)
            remember(cache, cache_path, group, &now, hex);
    }
    g_key_file_unref(cache);
    g_free(cache_path);
    g_free(group);
    return hex;
}
