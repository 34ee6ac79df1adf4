/* SPDX-License-Identifier: GPL-3.0-or-later */
/* decode.c: opens an image file, has it decoded by a helper, and makes a buffer of the
 * memory that this gives. */
#define _GNU_SOURCE /* F_GET_SEALS */

#include "pixels/decode.h"
#include "base/fail.h"
#include "base/load.h"
#include "base/procedure.h"
#include "pixels/helper.h"
#include "pixels/read.h"
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- the pixels */

/* Memory of an answer. */
typedef struct {
    void *at;
    gsize size;
} Mapped;

static void
unmap(void *data)
{
    Mapped *mapped = data;
    munmap(mapped->at, mapped->size);
    g_free(mapped);
}

static gboolean
is_sound(const WireAnswer *answer, int memory, gsize *size)
{
    const Babl *format = wire_format(answer->format);
    struct stat is;
    if (memory < 0 || !format || answer->width < 1 || answer->height < 1)
        return FALSE;
    gsize row = (gsize)answer->width * (gsize)babl_format_get_bytes_per_pixel(format);
    return g_size_checked_mul(size, row, (gsize)answer->height) &&
           *size <= (gsize)WIRE_MOST_MB * 1000000 && fstat(memory, &is) == 0 &&
           (gsize)is.st_size >= *size && fcntl(memory, F_GET_SEALS) & F_SEAL_SHRINK;
}

#define PROFILE "featurescope-profile"

static void
keep_profile(GeglBuffer *buffer, guint64 profile)
{
    g_object_set_data_full(G_OBJECT(buffer), PROFILE, g_memdup2(&profile, sizeof profile),
                           g_free);
}

guint64
pixels_profile(GeglBuffer *buffer)
{
    const guint64 *profile = g_object_get_data(G_OBJECT(buffer), PROFILE);
    return profile ? *profile : 0;
}

/* NULL if the answer makes no sense, or without memory. */
static GeglBuffer *
buffer_of(const WireAnswer *answer, int memory)
{
    gsize size;
    if (!is_sound(answer, memory, &size))
        return NULL;
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, memory, 0);
    if (at == MAP_FAILED)
        return NULL;
    Mapped *mapped = g_new(Mapped, 1);
    *mapped = (Mapped){at, size};
    GeglRectangle extent = {0, 0, answer->width, answer->height};
    return gegl_buffer_linear_new_from_data(at, wire_format(answer->format), &extent,
                                            GEGL_AUTO_ROWSTRIDE, unmap, mapped);
}

/* Several threads may read at a time, but babl makes conversions where others may look
 * meanwhile: one in ten runs of two threads had black pictures. A conversion is made by
 * reading one pixel, by one thread at a time. */
static void
make_conversion(GeglBuffer *buffer)
{
    static GMutex babl_lock;
    float rgba[4];
    g_mutex_lock(&babl_lock);
    pixels_read(buffer, GEGL_RECTANGLE(0, 0, 1, 1), rgba, NULL);
    g_mutex_unlock(&babl_lock);
}

/* --- what went wrong */

/* The name for sentences; g_free(). */
static char *
no_answer(HelperEnd end, int number, const char *name)
{
    switch (end) {
    case HELPER_LATE:
        return g_strdup_printf(
            _("\"%s\" cannot be decoded: the loader needed more than %d seconds"), name,
            WIRE_SECONDS);
    case HELPER_KILLED:
        return g_strdup_printf(
            _("\"%s\" cannot be decoded: the loader was ended by signal %d (%s)"), name,
            number, g_strsignal(number));
    default:
        if (number == WIRE_EXIT_MEMORY)
            return g_strdup_printf(
                _("\"%s\" cannot be decoded: the loader asked for more than %d MB"), name,
                WIRE_MEMORY_MB);
        return g_strdup_printf(_("\"%s\" is damaged: it cannot be decoded"), name);
    }
}

static char *
unknown_kind(const WireAnswer *answer, const char *name)
{
    char kind[sizeof answer->name + 1] = "";
    memcpy(kind, answer->name, sizeof answer->name);
    gboolean said = *kind && g_utf8_validate(kind, -1, NULL);
    if (said && answer->bits > 0)
        /* TRANSLATORS: a file, and its kind, as TIFF. */
        return g_strdup_printf(
            _("\"%s\" is of a kind that is not read here: %s with %u bits a value"), name,
            kind, answer->bits);
    if (said)
        /* TRANSLATORS: a file, and its kind, as Photoshop, JPEG 2000 or TIFF. */
        return g_strdup_printf(_("\"%s\" is of a kind that is not read here: %s"), name,
                               kind);
    return g_strdup_printf(_("\"%s\" is not an image of a known format"), name);
}

static char *
bad_answer(const WireAnswer *answer, const char *name)
{
    switch (answer->kind) {
    case WIRE_UNKNOWN:
        return unknown_kind(answer, name);
    case WIRE_LARGE:
        return g_strdup_printf(_("\"%s\" is not decoded: its %d × %d pixels would take "
                                 "more than %d MB"),
                               name, answer->width, answer->height, WIRE_MOST_MB);
    case WIRE_DAMAGED:
        return g_strdup_printf(_("\"%s\" is damaged: it cannot be decoded"), name);
    default:
        return g_strdup(_("Not enough memory to read pixels"));
    }
}

/* --- all of it */

/* The buffer; NULL with a sentence in `why`, or with the error set. */
static GeglBuffer *
decode(int file, const char *name, gboolean *unknown, char **why, GError **error)
{
    WireAnswer answer = {0};
    int memory, number = 0;
    GeglBuffer *buffer = NULL;
    HelperEnd end = helper_ask(file, &answer, &memory, &number, error);
    if (end == HELPER_MISSING)
        return NULL;
    if (end != HELPER_ANSWERED)
        *why = no_answer(end, number, name);
    else if (answer.kind != WIRE_PICTURE || !(buffer = buffer_of(&answer, memory)))
        *why = bad_answer(&answer, name);
    *unknown = end == HELPER_ANSWERED && answer.kind == WIRE_UNKNOWN;
    if (memory >= 0)
        close(memory);
    if (buffer) {
        make_conversion(buffer);
        keep_profile(buffer, answer.profile);
    }
    return buffer;
}

GeglBuffer *
pixels_decode(const char *path, gboolean *unknown, GError **error)
{
    char *name = g_filename_display_name(path), *why = NULL;
    GeglBuffer *buffer = NULL;
    *unknown = FALSE;
    GError *closed = NULL;
    int file = load_open(path, &closed);
    if (file >= 0) {
        buffer = decode(file, name, unknown, &why, error);
        close(file);
    } else {
        fail_input(error, _("\"%s\" cannot be read: %s"), name, closed->message);
        g_error_free(closed);
    }
    if (why)
        g_set_error_literal(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT, why);
    g_free(why);
    g_free(name);
    return buffer;
}
