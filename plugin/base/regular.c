/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regular.c: opens files to read, if they are regular ones. */
#define _POSIX_C_SOURCE 200809L /* O_CLOEXEC */

#include "base/regular.h"
#include "base/fail.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* -1 with errno; 0 in it if it is something else than a file or a folder. It is looked at
 * before it is opened and again when it is open, as it may have been replaced. */
static int
open_regular(const char *path)
{
    struct stat is;
    if (stat(path, &is) < 0)
        return -1;
    errno = S_ISDIR(is.st_mode) ? EISDIR : 0;
    if (!S_ISREG(is.st_mode))
        return -1;
    int file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file >= 0 && (fstat(file, &is) < 0 || !S_ISREG(is.st_mode))) {
        close(file);
        errno = 0;
        file = -1;
    }
    return file;
}

int
regular_open(const char *path, GError **error)
{
    int file = open_regular(path), number = errno;
    if (file < 0) {
        char *name = g_filename_display_name(path);
        if (number)
            fail_input(error, _("\"%s\" cannot be read: %s"), name, g_strerror(number));
        else
            fail_input(error, _("\"%s\" is not a regular file"), name);
        g_free(name);
    }
    return file;
}

GMappedFile *
regular_map(const char *path, GError **error)
{
    int file = regular_open(path, error);
    GMappedFile *mapped = file < 0 ? NULL : g_mapped_file_new_from_fd(file, FALSE, error);
    if (file >= 0)
        close(file);
    return mapped;
}

char *
regular_text(const char *path, GError **error)
{
    GMappedFile *file = regular_map(path, error);
    if (!file)
        return NULL;
    const char *bytes = g_mapped_file_get_contents(file);
    char *text = g_strndup(bytes ? bytes : "", g_mapped_file_get_length(file));
    g_mapped_file_unref(file);
    return text;
}

gboolean
regular_keys(GKeyFile *keys, const char *path, GKeyFileFlags flags, GError **error)
{
    GMappedFile *file = regular_map(path, error);
    if (!file)
        return FALSE;
    gsize size = g_mapped_file_get_length(file);
    const char *text = size > 0 ? g_mapped_file_get_contents(file) : "";
    gboolean ok = g_key_file_load_from_data(keys, text, size, flags, error);
    g_mapped_file_unref(file);
    return ok;
}
