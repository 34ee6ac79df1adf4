/* SPDX-License-Identifier: GPL-3.0-or-later */
/* folder.h: the files of a folder and those below it, always in the same order. */
#ifndef FEATURESCOPE_PHOTO_FOLDER_H
#define FEATURESCOPE_PHOTO_FOLDER_H

#include <glib.h>

typedef struct {
    char *name; /* below the folder, "/" between its parts */
    guint64 size;
    gint64 mtime; /* nanoseconds */
} FolderFile;

typedef struct {
    char *path; /* absolute */
    FolderFile *files;
    gsize count;
} Folder;

/* All regular files but hidden ones, by the bytes of their names; linked folders are not
 * followed. suffix: of the names, whatever the case, ".onnx"; NULL: all but what is
 * plainly a text, a table, an archive or a model by its name. Folders below that cannot be read are named to the user. Fails if the folder itself cannot be read,
 * or holds no such file. */
gboolean folder_read(Folder *folder,
                     const char *path,
                     const char *suffix,
                     GError **error);

/* The same without a word to the user, so in any thread: adds a sentence to `unreadable`
 * for each folder below that cannot be read. */
gboolean folder_search(Folder *folder,
                       const char *path,
                       const char *suffix,
                       GPtrArray *unreadable,
                       GError **error);

/* The same without the folders below, and without names that are not UTF-8, which are
 * counted in *strange. */
gboolean folder_read_flat(Folder *folder,
                          const char *path,
                          gsize *strange,
                          GError **error);

void folder_clear(Folder *folder);

char *folder_path(const Folder *folder, gsize index); /* g_free() */

/* A file's name as a text, which its name need not be. g_free() */
char *folder_shown(const Folder *folder, gsize index);

/* Compares names with numbers by value: "epoch2" comes before "epoch10". */
void folder_sort_naturally(Folder *folder);
int folder_compare_naturally(const char *a, const char *b);

/* Adds a sentence that names the file and says why it was passed over. */
void folder_skip(const Folder *folder, gsize file, const GError *why, GPtrArray *skipped);

/* Tells the user of all of them. */
void folder_tell_skipped(const GPtrArray *skipped);

#endif
