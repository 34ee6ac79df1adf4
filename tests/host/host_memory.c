/* SPDX-License-Identifier: GPL-3.0-or-later */
/* host_memory.c: host.h with pictures in memory only; see host_memory.h. */
#include "host/host_memory.h"
#include "base/text.h"
#include "pixels/pixels.h"

/* --- what happened */

static MemoryHost host;

MemoryHost *
memory_host(void)
{
    if (!host.messages)
        memory_host_reset();
    return &host;
}

void
memory_host_reset(void)
{
    if (host.messages) {
        g_ptr_array_unref(host.messages);
        g_ptr_array_unref(host.progress);
        g_free(host.shown);
    }
    host = (MemoryHost){.profiles = host.profiles, .most_profiles = host.most_profiles};
    host.messages = g_ptr_array_new_with_free_func(g_free);
    host.progress = g_ptr_array_new_with_free_func(g_free);
    for (int c = 0; c < 3; c++)
        host.background[c] = 1;
}

/* --- host.h: talking, places */

void
host_progress_part(double from, double to)
{
    memory_host()->in_part = TRUE;
    host.part_from = from;
    host.part_to = to;
}

void
host_progress_whole(void)
{
    memory_host()->in_part = FALSE;
}

void
host_progress_start(const char *text)
{
    memory_host()->progress_open++;
    if (!host.in_part)
        g_ptr_array_add(host.progress, g_strdup(text));
}

void
host_progress_text(const char *text)
{
    if (!memory_host()->in_part)
        g_ptr_array_add(host.progress, g_strdup(text));
}

void
host_progress(double done)
{
    if (memory_host()->in_part)
        done = host.part_from + (host.part_to - host.part_from) * done;
    host.progress_done = done;
    if (host.on_progress)
        host.on_progress(done);
}

void
host_progress_end(void)
{
    memory_host()->progress_open--;
}

void
host_message(const char *text)
{
    char *shorter = text_shorten(g_strdup(text));
    guint at;
    if (memory_host()->in_part &&
        g_ptr_array_find_with_equal_func(host.messages, shorter, g_str_equal, &at))
        g_free(shorter);
    else
        g_ptr_array_add(host.messages, shorter);
}

char *
host_data_folder(void)
{
    char *program = g_file_read_link("/proc/self/exe", NULL);
    char *folder = pixels_data_folder(program ? program : "./test");
    g_free(program);
    return folder;
}

const char *
host_name(void)
{
    return "memory";
}
