/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stamp.c: times, size and number of a file. */
#define _POSIX_C_SOURCE 200809L /* nanoseconds */
#include "base/stamp.h"
#include <sys/stat.h>

static gint64
nanoseconds(struct timespec time)
{
    return (gint64)time.tv_sec * 1000000000 + time.tv_nsec;
}

Stamp
stamp_of(const char *path)
{
    struct stat now;
    if (stat(path, &now) != 0)
        return (Stamp){.size = -1};
    return (Stamp){nanoseconds(now.st_mtim), nanoseconds(now.st_ctim), now.st_size,
                   now.st_ino};
}

gboolean
stamp_is_same(const Stamp *was, const Stamp *now)
{
    return now->inode == was->inode && now->size == was->size &&
           now->mtime == was->mtime && now->ctime == was->ctime;
}

gboolean
stamp_is_rewritten(const Stamp *was, const Stamp *now)
{
    return now->inode == was->inode &&
           (now->mtime != was->mtime || now->size != was->size);
}
