/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wire.h: what is said between the plug-in and featurescope-decode, which decodes files.
 *
 *     plug-in                              featurescope-decode
 *        <--- WireHello ---------------------    once, when it is ready
 *        ---- WireAsk, the open file ------->
 *        <--- WireAnswer, pixels in memory --    for each file
 *
 * Each is a message on a socket, with a file descriptor beside it: the file that is to be
 * decoded, or memory (memfd_create()) with rows of pixels without gaps. Both programs are
 * of one build, so that the structures are the same. */
#ifndef FEATURESCOPE_PIXELS_WIRE_H
#define FEATURESCOPE_PIXELS_WIRE_H

#include <gegl.h>
#include <glib.h>

#define WIRE_SECONDS 60       /* of processor time for one file */
#define WIRE_WAIT_SECONDS 300 /* for one file: others may keep the machine busy */
#define WIRE_MOST_MB 1500     /* of pixels of a picture; GEGL counts bytes in an int */
#define WIRE_MEMORY_MB 6000   /* of address space that decoding may take */
#define WIRE_VERSION 20261130 /* other when any of the structures is */
#define WIRE_EXIT_MEMORY 12   /* exit status: memory could not be had */

typedef enum {
    WIRE_PICTURE, /* all that follows is there */
    WIRE_UNKNOWN, /* no loader here reads it */
    WIRE_DAMAGED,
    WIRE_LARGE, /* width and height are those that it claims */
    WIRE_MEMORY,
} WireKind;

typedef struct {
    guint32 version;
} WireHello, WireAsk;

typedef struct {
    guint32 kind;
    guint32 format; /* in the list of wire_format() */
    gint32 width, height;
    guint64 profile; /* of WIRE_PICTURE: stands for the profile in the file; 0: none */
    /* Of WIRE_UNKNOWN: what the file is, "" if that is not known either, and how many bits
     * a value has if that is the reason, else 0. */
    char name[16];
    guint32 bits;
} WireAnswer;

/* A format of pixels, in sRGB's space, by its number; NULL behind the last. */
const Babl *wire_format(guint32 number);

/* file: -1 if none goes along. FALSE if the other side is gone. */
gboolean wire_send(int socket, const void *message, gsize size, int file);

typedef enum { WIRE_HERE, WIRE_GONE, WIRE_LATE } WireArrival;

/* Waits for a message of this size, and takes the file that came with it: *file, -1 if
 * none did. until: of g_get_monotonic_time(); 0: for ever. A message of another size
 * counts as the other side being gone. */
WireArrival wire_receive(int socket, void *message, gsize size, int *file, gint64 until);

#endif
