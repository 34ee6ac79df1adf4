/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cut-mapped.c: a library that a process is started with (LD_PRELOAD): as soon as it maps
 * the file that the variable CUT_MAPPED names, the file is cut to half of its length.
 *
 * So a test of files that are cut while they are read needs no luck with the time. */
#define _GNU_SOURCE /* syscall() */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void
cut_if_named(int file)
{
    const char *named = getenv("CUT_MAPPED");
    struct stat this, that;
    if (named && fstat(file, &this) == 0 && stat(named, &that) == 0 &&
        this.st_ino == that.st_ino && this.st_dev == that.st_dev &&
        truncate(named, that.st_size / 2) != 0)
        abort();
}

/* Not from sys/mman.h, where one of the two may stand for the other. */
void *mmap(void *at, size_t size, int protection, int flags, int file, off_t offset);
void *mmap64(void *at, size_t size, int protection, int flags, int file, off_t offset);

/* By the system call itself: to look for the library's function may map memory. */
void *
mmap64(void *at, size_t size, int protection, int flags, int file, off_t offset)
{
    long got = syscall(SYS_mmap, at, size, protection, flags, file, offset);
    int kept = errno;
    if (got != -1 && file >= 0)
        cut_if_named(file);
    errno = kept;
    return (void *)got; /* -1 is MAP_FAILED */
}

void *
mmap(void *at, size_t size, int protection, int flags, int file, off_t offset)
{
    return mmap64(at, size, protection, flags, file, offset);
}
