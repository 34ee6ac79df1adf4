/* SPDX-License-Identifier: GPL-3.0-or-later */
/* load.c: reads files whole, if they are regular files. */
#define _POSIX_C_SOURCE 200809L /* O_CLOEXEC */

#include "base/load.h"
#include "base/fail.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

int
load_open(const char *path, GError **error)
{
    struct stat is;
    int fd = -1;
    bool there = stat(path, &is) == 0;
    if (there && S_ISREG(is.st_mode)) /* to open a device may do something */
        fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (there && (!S_ISREG(is.st_mode) ||
                  (fd >= 0 && (fstat(fd, &is) != 0 || !S_ISREG(is.st_mode))))) {
        fail_input(error, "%s", _("it is not a regular file"));
        if (fd >= 0)
            close(fd);
        return -1;
    }
    if (fd < 0)
        fail_input(error, "%s", g_strerror(errno));
    return fd;
}

gboolean
load_bytes(const char *path, gsize most, char **bytes, gsize *size, GError **error)
{
    struct stat is;
    int fd = load_open(path, error);
    *bytes = NULL;
    *size = 0;
    if (fd < 0)
        return FALSE;
    gboolean ok = TRUE;
    if (fstat(fd, &is) != 0 || (gsize)is.st_size > most)
        ok = fail_input(error, "%s", _("it is too large"));
    else if (!(*bytes = g_try_malloc((gsize)is.st_size + 1)))
        ok = fail_run(error, "%s", g_strerror(ENOMEM));
    while (ok && *size < (gsize)is.st_size) {
        ssize_t got = read(fd, *bytes + *size, (gsize)is.st_size - *size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            ok = fail_input(error, "%s", g_strerror(errno));
        if (got <= 0)
            break; /* it has become shorter: this is what there is */
        *size += (gsize)got;
    }
    close(fd);
    if (ok)
        (*bytes)[*size] = '\0';
    else
        g_clear_pointer(bytes, g_free);
    return ok;
}

gboolean
load_keys(GKeyFile *keys, const char *path, GKeyFileFlags flags, GError **error)
{
    char *text;
    gsize size;
    if (!load_bytes(path, LOAD_MOST_TEXT, &text, &size, error))
        return FALSE;
    gboolean ok = g_key_file_load_from_data(keys, text, size, flags, error);
    g_free(text);
    return ok;
}
