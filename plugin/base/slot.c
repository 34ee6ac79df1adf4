/* SPDX-License-Identifier: GPL-3.0-or-later */
/* slot.c: names that are held by a locked file. */
#define _POSIX_C_SOURCE 200809L /* O_CLOEXEC, O_NOFOLLOW */
#include "base/slot.h"
#include "base/fail.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct Slot {
    char *name, *lock;
    int fd; /* of the lock */
};

/* TRUE if a path still leads to an open file: who held it before may have removed it. */
static gboolean
is_there(int fd, const char *path)
{
    struct stat is, there;
    return fstat(fd, &is) == 0 && lstat(path, &there) == 0 && is.st_ino == there.st_ino &&
           is.st_dev == there.st_dev;
}

/* -1 with errno; EWOULDBLOCK: another holds it. */
static int
lock(const char *path)
{
    for (;;) {
        int fd = g_open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (fd < 0)
            return -1;
        gboolean held = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
        if (!held && is_there(fd, path))
            return fd;
        close(fd);
        if (held) {
            errno = EWOULDBLOCK;
            return -1;
        }
    }
}

Slot *
slot_take(const char *folder, const char *stem, GError **error)
{
    char *first = g_build_filename(folder, stem, NULL);
    Slot *slot = g_new0(Slot, 1);
    for (guint number = 1;; number++) {
        slot->name =
            number == 1 ? g_strdup(first) : g_strdup_printf("%s-%u", first, number);
        slot->lock = g_strconcat(slot->name, ".lock", NULL);
        slot->fd = lock(slot->lock);
        if (slot->fd >= 0 || errno != EWOULDBLOCK)
            break;
        g_free(slot->lock);
        g_free(slot->name);
    }
    g_free(first);
    if (slot->fd >= 0)
        return slot;
    int problem = errno;
    char *name = g_filename_display_name(folder);
    fail_run(error, _("“%s” cannot be written: %s"), name, g_strerror(problem));
    g_free(name);
    slot_free(slot);
    return NULL;
}

const char *
slot_name(const Slot *slot)
{
    return slot->name;
}

/* The file goes before the lock does: nobody else's is removed. */
void
slot_free(Slot *slot)
{
    if (!slot)
        return;
    if (slot->fd >= 0) {
        g_unlink(slot->lock);
        close(slot->fd);
    }
    g_free(slot->lock);
    g_free(slot->name);
    g_free(slot);
}
