/* SPDX-License-Identifier: GPL-3.0-or-later */
/* save.c: writes files whole or not at all.
 *
 * GLib has a function that does most of it, but fails for names of more than 248
 * bytes and puts a file in the place of a device. */
#define _POSIX_C_SOURCE 200809L /* fdopen() */
#include "base/save.h"
#include "base/fail.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONGEST_NAME 255 /* in bytes, as file systems have it */
#define SUFFIX ".XXXXXX"

struct Save {
    char *path, *part;
    FILE *file;
    int problem; /* errno; 0: none yet */
};

/* "folder/net.npy.XXXXXX"; of a name that is too long for that, the beginning. */
static char *
name_of_part(const char *path)
{
    char *folder = g_path_get_dirname(path), *name = g_path_get_basename(path);
    if (strlen(name) > LONGEST_NAME - strlen(SUFFIX))
        name[LONGEST_NAME - strlen(SUFFIX)] = '\0';
    char *part_name = g_strconcat(name, SUFFIX, NULL);
    char *part = g_build_filename(folder, part_name, NULL);
    g_free(part_name);
    g_free(name);
    g_free(folder);
    return part;
}

/* Renaming would put a file in the place of a device or a FIFO. 0: it may be replaced. */
static int
refused(const char *path)
{
    struct stat is;
    if (stat(path, &is) != 0 || S_ISREG(is.st_mode))
        return 0;
    return S_ISDIR(is.st_mode) ? EISDIR : ENOTSUP;
}

Save *
save_begin_as(const char *path, const char *part)
{
    Save *save = g_new(Save, 1);
    *save = (Save){g_strdup(path), g_strdup(part), NULL, refused(path)};
    if (!save->problem && !(save->file = g_fopen(part, "wbe")))
        save->problem = errno ? errno : EIO;
    return save;
}

Save *
save_begin(const char *path)
{
    Save *save = g_new(Save, 1);
    *save = (Save){g_strdup(path), name_of_part(path), NULL, refused(path)};
    int fd = save->problem ? -1 : g_mkstemp_full(save->part, O_WRONLY | O_CLOEXEC, 0666);
    if (fd >= 0)
        save->file = fdopen(fd, "wb");
    if (!save->file && !save->problem)
        save->problem = errno ? errno : EIO;
    return save;
}

void
save_put(Save *save, const void *bytes, gsize size)
{
    if (save->file && !save->problem && size > 0 &&
        fwrite(bytes, 1, size, save->file) != size)
        save->problem = errno;
}

gboolean
save_end(Save *save, GError **error)
{
    if (save->file && !save->problem &&
        (fflush(save->file) != 0 || fsync(fileno(save->file)) != 0))
        save->problem = errno;
    if (save->file && fclose(save->file) != 0 && !save->problem)
        save->problem = errno;
    if (!save->problem && g_rename(save->part, save->path) != 0)
        save->problem = errno;
    gboolean ok = !save->problem;
    if (!ok) {
        char *name = g_filename_display_name(save->path);
        fail_run(error, _("“%s” cannot be written: %s"), name, g_strerror(save->problem));
        g_free(name);
    }
    if (!ok && save->file)
        g_unlink(save->part);
    g_free(save->path);
    g_free(save->part);
    g_free(save);
    return ok;
}

void
save_drop(Save *save)
{
    if (save->file) {
        fclose(save->file);
        g_unlink(save->part);
    }
    g_free(save->path);
    g_free(save->part);
    g_free(save);
}

gboolean
save_bytes(const char *path, const void *bytes, gsize size, GError **error)
{
    Save *save = save_begin(path);
    save_put(save, bytes, size);
    return save_end(save, error);
}

gboolean
save_text(const char *path, const char *text, GError **error)
{
    return save_bytes(path, text, strlen(text), error);
}

gboolean
save_keys(const char *path, GKeyFile *keys, GError **error)
{
    gsize size;
    char *text = g_key_file_to_data(keys, &size, NULL);
    gboolean ok = save_bytes(path, text, size, error);
    g_free(text);
    return ok;
}
