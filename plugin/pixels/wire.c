/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wire.c: messages with a file descriptor over a socket. */
#define _GNU_SOURCE /* MSG_CMSG_CLOEXEC */

#include "pixels/wire.h"
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

const Babl *
wire_format(guint32 number)
{
    static const char *const names[] = {
        "R'G'B' u8",     "R'G'B'A u8", "R'G'B' u16", "R'G'B'A u16", "R'G'B' float",
        "R'G'B'A float", "Y' u8",      "Y'A u8",     "Y' u16",      "Y'A u16",
        "Y' float",      "Y'A float",  "RGB float",  "RGBA float",  "Y float",
        "YA float",      "RGB half",   "RGBA half",  "Y half",      "YA half",
    };
    return number < G_N_ELEMENTS(names) ? babl_format(names[number]) : NULL;
}

/* Room for one file descriptor beside a message. */
typedef union {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
} Beside;

gboolean
wire_send(int socket, const void *message, gsize size, int file)
{
    Beside beside = {.bytes = {0}};
    struct iovec part = {(void *)message, size};
    struct msghdr all = {.msg_iov = &part, .msg_iovlen = 1};
    if (file >= 0) {
        all.msg_control = &beside;
        all.msg_controllen = sizeof beside;
        struct cmsghdr *header = CMSG_FIRSTHDR(&all);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &file, sizeof file);
    }
    ssize_t sent;
    do
        sent = sendmsg(socket, &all, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)size;
}

/* Waits until something can be read. */
static WireArrival
wait_for(int socket, gint64 until)
{
    for (;;) {
        gint64 left = until ? until - g_get_monotonic_time() : 0;
        if (until && left <= 0)
            return WIRE_LATE;
        struct pollfd one = {socket, POLLIN, 0};
        int ready = poll(&one, 1, until ? (int)(left / 1000 + 1) : -1);
        if (ready > 0)
            return WIRE_HERE;
        if (ready < 0 && errno != EINTR)
            return WIRE_GONE;
    }
}

WireArrival
wire_receive(int socket, void *message, gsize size, int *file, gint64 until)
{
    *file = -1;
    WireArrival arrival = wait_for(socket, until);
    if (arrival != WIRE_HERE)
        return arrival;
    Beside beside;
    struct iovec part = {message, size};
    struct msghdr all = {.msg_iov = &part,
                         .msg_iovlen = 1,
                         .msg_control = &beside,
                         .msg_controllen = sizeof beside};
    ssize_t got;
    do
        got = recvmsg(socket, &all, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    struct cmsghdr *header = got >= 0 ? CMSG_FIRSTHDR(&all) : NULL;
    if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
        header->cmsg_len == CMSG_LEN(sizeof(int)))
        memcpy(file, CMSG_DATA(header), sizeof *file);
    if (got == (ssize_t)size && !(all.msg_flags & MSG_TRUNC))
        return WIRE_HERE;
    if (*file >= 0)
        close(*file);
    *file = -1;
    return WIRE_GONE;
}
