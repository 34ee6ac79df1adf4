/* SPDX-License-Identifier: GPL-3.0-or-later */
/* file.c: mapping, or reading, a model and the data files beside it.
 *
 * A model file comes from the network, so it must not make the core read the user's files
 * elsewhere. A data file is therefore opened folder by folder, and symbolic links are not
 * followed, except for the kind that caches of downloads make. It must have one name
 * only, because a hard link could be any file of the same disk. */
#include "base/file.h"
#include "base/error.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* All bytes of a file, malloc'ed; NULL with an error, also if it has become shorter. */
static void *
read_open_file(int fd, const char *name, size_t size, DcnError *error)
{
    unsigned char *bytes = malloc(size);
    size_t done = 0;
    ssize_t got = 1;
    if (!bytes) {
        dcn_fail_memory(error, "a model's file", size);
        return NULL;
    }
    while (done < size && (got > 0 || (got < 0 && errno == EINTR))) {
        got = read(fd, bytes + done, size - done);
        done += got > 0 ? (size_t)got : 0;
    }
    if (done == size)
        return bytes;
    dcn_fail(error, DCN_ERROR_FILE, "%s: %s", name,
             got < 0 ? strerror(errno) : "it was cut off while it was read");
    free(bytes);
    return NULL;
}

static void *
map_whole(int fd, const char *name, size_t size, DcnError *error)
{
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes != MAP_FAILED)
        return bytes;
    dcn_fail(error, DCN_ERROR_FILE, "%s: %s", name, strerror(errno));
    return NULL;
}

/* Maps or reads what fd is open for, and closes fd. */
static bool
map_open_file(int fd, const char *name, bool one_name, DcnFile *file, DcnError *error)
{
    struct stat status;
    bool done = false;
    if (fstat(fd, &status) != 0) {
        dcn_fail(error, DCN_ERROR_FILE, "%s: %s", name, strerror(errno));
    } else if (!S_ISREG(status.st_mode)) {
        dcn_fail(error, DCN_ERROR_FILE, "%s is not a regular file", name);
    } else if (one_name && status.st_nlink != 1) {
        dcn_fail(error, DCN_ERROR_FORMAT, "external data \"%s\" are a hard link", name);
    } else if (status.st_size == 0) {
        dcn_fail(error, DCN_ERROR_FORMAT, "%s is empty", name);
    } else {
        size_t size = (size_t)status.st_size;
        void *bytes = file->copied ? read_open_file(fd, name, size, error)
                                   : map_whole(fd, name, size, error);
        done = bytes != NULL;
        if (done) {
            file->bytes = bytes;
            file->size = size;
        }
    }
    close(fd);
    return done;
}

bool
dcn_file_map(const char *path, DcnFile *file, DcnError *error)
{
    /* O_NONBLOCK: opening a named pipe must not wait for a writer */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return dcn_fail(error, DCN_ERROR_FILE, "%s: %s", path, strerror(errno));
    return map_open_file(fd, path, false, file, error);
}

void
dcn_file_unmap(DcnFile *file)
{
    void *bytes = (void *)(uintptr_t)file->bytes;
    if (file->copied)
        free(bytes);
    else if (bytes)
        munmap(bytes, file->size);
    *file = (DcnFile){0};
}

void
dcn_file_let_go(const DcnFile *file, const void *part, size_t size)
{
    uintptr_t begin = (uintptr_t)part, first = (uintptr_t)file->bytes;
    long page = sysconf(_SC_PAGESIZE);
    if (!file->bytes || file->copied || page < 1 || begin < first || size > file->size ||
        begin - first > file->size - size)
        return;
    uintptr_t end = (begin + size) / (uintptr_t)page * (uintptr_t)page;
    begin = (begin + (uintptr_t)page - 1) / (uintptr_t)page * (uintptr_t)page;
    if (begin < end)
        (void)madvise((void *)begin, end - begin, MADV_DONTNEED); /* may fail */
}

char *
dcn_file_link_folder(const char *path)
{
    struct stat status;
    if (lstat(path, &status) != 0 || !S_ISLNK(status.st_mode))
        return NULL;
    char *real = realpath(path, NULL);
    char *slash = real ? strrchr(real, '/') : NULL;
    if (slash)
        slash[slash == real] = '\0';
    return real;
}

/* The file behind a link that is external data. */
static bool
map_linked(const char *folder,
           const char *linked,
           const char *location,
           DcnFile *file,
           DcnError *error)
{
    size_t size = strlen(folder) + strlen(location) + 2;
    char *path = malloc(size);
    if (!path)
        return dcn_fail_memory(error, "a path", size);
    snprintf(path, size, "%s/%s", folder, location);
    char *real = linked ? realpath(path, NULL) : NULL;
    free(path);
    char *slash = real ? strrchr(real, '/') : NULL;
    size_t length = slash ? (size_t)(slash - real) + (slash == real) : 0;
    bool allowed = slash && strlen(linked) == length && memcmp(real, linked, length) == 0;
    bool done;
    int fd = allowed ? open(real, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK) : -1;
    if (!allowed)
        done = dcn_fail(
            error, DCN_ERROR_FORMAT,
            "external data \"%.80s\" are a symbolic link that leads elsewhere: copy the file beside the model",
            location);
    else if (fd < 0)
        done = dcn_fail(error, DCN_ERROR_FILE, "external data \"%.200s\": %s", location,
                        strerror(errno));
    else
        done = map_open_file(fd, location, true, file, error);
    free(real);
    return done;
}

bool
dcn_file_map_beside(const char *folder,
                    const char *linked,
                    const char *location,
                    DcnFile *file,
                    DcnError *error)
{
    if (location[0] == '/' || location[0] == '\0' || strlen(location) >= PATH_MAX)
        return dcn_fail(error, DCN_ERROR_FORMAT,
                        "external data \"%.200s\" are not inside the model's folder",
                        location);
    int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (at < 0)
        return dcn_fail(error, DCN_ERROR_FILE, "%s: %s", folder, strerror(errno));
    for (const char *part = location;;) {
        size_t length = strcspn(part, "/");
        bool last = part[length] == '\0';
        char name[NAME_MAX + 1];
        if (length == 0 || length > NAME_MAX ||
            (length == 2 && memcmp(part, "..", 2) == 0)) {
            close(at);
            return dcn_fail(error, DCN_ERROR_FORMAT,
                            "external data \"%.200s\" are not inside the model's folder",
                            location);
        }
        memcpy(name, part, length);
        name[length] = '\0';
        int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | (last ? O_NONBLOCK : O_DIRECTORY);
        int next = openat(at, name, flags);
        int reason = errno;
        close(at);
        if (next < 0) {
            if (reason == ELOOP)
                return map_linked(folder, linked, location, file, error);
            return dcn_fail(error, DCN_ERROR_FILE, "external data \"%.200s\": %s",
                            location, strerror(reason));
        }
        if (last)
            return map_open_file(next, location, true, file, error);
        at = next;
        part += length + 1;
    }
}
