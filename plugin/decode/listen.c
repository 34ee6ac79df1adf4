/* SPDX-License-Identifier: GPL-3.0-or-later */
/* listen.c: counts warnings in GLib's log, and keeps what is printed as an error in
 * memory. */
#define _GNU_SOURCE /* memfd_create() */

#include "decode/listen.h"
#include "pixels/wire.h"
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static guint warnings;

/* GLib would end the process by a signal. */
static void
end_without_memory(const GLogField *fields, gsize count)
{
    for (gsize i = 0; i < count; i++)
        if (strcmp(fields[i].key, "MESSAGE") == 0 &&
            strstr(fields[i].value, "failed to allocate"))
            _exit(WIRE_EXIT_MEMORY);
}

/* libtiff passes over a tag of a type that it does not know; the picture is whole. */
static gboolean
is_of_a_stray_tag(const GLogField *fields, gsize count)
{
    for (gsize i = 0; i < count; i++)
        if (strcmp(fields[i].key, "MESSAGE") == 0)
            return strstr(fields[i].value, "custom tag") != NULL &&
                   strstr(fields[i].value, "thus tag is not read") != NULL;
    return FALSE;
}

static GLogWriterOutput
count_warning(GLogLevelFlags level, const GLogField *fields, gsize count, gpointer user)
{
    (void)user;
    if (level & G_LOG_LEVEL_ERROR)
        end_without_memory(fields, count);
    warnings += (level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) != 0 &&
                !is_of_a_stray_tag(fields, count);
    return G_LOG_WRITER_HANDLED;
}

static void
count_print(const char *text)
{
    (void)text;
    warnings++;
}

static void
take_errors(void)
{
    int file = memfd_create("errors", MFD_CLOEXEC);
    if (file >= 0) {
        dup2(file, STDERR_FILENO);
        close(file);
    }
}

void
listen_begin(void)
{
    static gboolean done;
    if (!done) {
        g_log_set_writer_func(count_warning, NULL, NULL);
        g_set_printerr_handler(count_print);
        take_errors();
    }
    done = TRUE;
    warnings = 0;
    if (ftruncate(STDERR_FILENO, 0) == 0)
        lseek(STDERR_FILENO, 0, SEEK_SET);
}

gboolean
listen_warned(void)
{
    return warnings > 0;
}

/* Up to size - 1 bytes from a place on. */
static gsize
printed(char *text, gsize size, gsize from)
{
    gssize got = pread(STDERR_FILENO, text, size - 1, (off_t)from);
    text[MAX(got, 0)] = '\0';
    return (gsize)MAX(got, 0);
}

gsize
listen_printed(void)
{
    off_t end = lseek(STDERR_FILENO, 0, SEEK_END);
    return end > 0 ? (gsize)end : 0;
}

gboolean
listen_jpeg_is_damaged(gsize header)
{
    char text[256];
    if (printed(text, sizeof text, 2 * header) == 0)
        return FALSE;
    return (strstr(text, "Corrupt JPEG data") || strstr(text, "Premature end") ||
            strstr(text, "Inconsistent progression")) &&
           !strstr(text, "extraneous bytes before marker 0xd9");
}
