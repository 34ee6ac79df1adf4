/* SPDX-License-Identifier: GPL-3.0-or-later */
/* loader.c: a thread that looks into /proc once a second. */
#define _POSIX_C_SOURCE 200809L

#include "pixels/loader.h"
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct LoaderWatch {
    GStatBuf file;
    guint64 begin; /* ticks since the system has started */
    int seconds;
    GThread *thread;
    GMutex lock;
    GCond ended;
    gboolean end, killed; /* under the lock */
};

typedef struct {
    long parent;
    double seconds;           /* of processor time */
    unsigned long long begin; /* as LoaderWatch.begin */
} Process;

/* Fields 4, 14, 15 and 22 of proc(5)'s stat, which follow the name in brackets. */
static gboolean
read_stat(const char *pid, Process *process)
{
    unsigned long user, system;
    char *text = NULL, *path = g_build_filename("/proc", pid, "stat", NULL);
    const char *behind =
        g_file_get_contents(path, &text, NULL, NULL) ? strrchr(text, ')') : NULL;
    gboolean read =
        behind && sscanf(behind,
                         ") %*c %ld %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu "
                         "%lu %*d %*d %*d %*d %*d %*d %llu",
                         &process->parent, &user, &system, &process->begin) == 4;
    if (read)
        process->seconds = (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
    g_free(text);
    g_free(path);
    return read;
}

static gboolean
has_open(const char *pid, const GStatBuf *file)
{
    gboolean has = FALSE;
    const char *name;
    char *folder = g_build_filename("/proc", pid, "fd", NULL);
    GDir *dir = g_dir_open(folder, 0, NULL);
    while (dir && !has && (name = g_dir_read_name(dir))) {
        GStatBuf other;
        char *path = g_build_filename(folder, name, NULL);
        has = g_stat(path, &other) == 0 && other.st_ino == file->st_ino &&
              other.st_dev == file->st_dev;
        g_free(path);
    }
    g_clear_pointer(&dir, g_dir_close);
    g_free(folder);
    return has;
}

static gboolean
kill_late(const LoaderWatch *watch)
{
    gboolean killed = FALSE;
    const char *name;
    GDir *dir = g_dir_open("/proc", 0, NULL);
    while (dir && (name = g_dir_read_name(dir))) {
        Process process;
        long pid = strtol(name, NULL, 10);
        if (pid > 0 && read_stat(name, &process) && process.parent == getppid() &&
            process.begin >= watch->begin && process.seconds > watch->seconds &&
            has_open(name, &watch->file))
            killed |= kill((pid_t)pid, SIGKILL) == 0;
    }
    g_clear_pointer(&dir, g_dir_close);
    return killed;
}

static void *
look(void *data)
{
    LoaderWatch *watch = data;
    gint64 next = g_get_monotonic_time() + watch->seconds * G_TIME_SPAN_SECOND;
    g_mutex_lock(&watch->lock);
    while (!watch->end) {
        if (g_cond_wait_until(&watch->ended, &watch->lock, next))
            continue;
        watch->killed |= kill_late(watch);
        next = g_get_monotonic_time() + G_TIME_SPAN_SECOND;
    }
    g_mutex_unlock(&watch->lock);
    return NULL;
}

static guint64
ticks_now(void)
{
    struct timespec now;
    guint64 second = (guint64)sysconf(_SC_CLK_TCK);
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (guint64)now.tv_sec * second + (guint64)now.tv_nsec / (1000000000 / second);
}

LoaderWatch *
loader_watch(const char *path, int seconds)
{
    LoaderWatch *watch = g_new0(LoaderWatch, 1);
    watch->begin = ticks_now();
    watch->seconds = seconds;
    g_mutex_init(&watch->lock);
    g_cond_init(&watch->ended);
    if (g_stat(path, &watch->file) == 0)
        watch->thread = g_thread_try_new("loader", look, watch, NULL);
    return watch;
}

gboolean
loader_unwatch(LoaderWatch *watch)
{
    g_mutex_lock(&watch->lock);
    watch->end = TRUE;
    g_cond_signal(&watch->ended);
    g_mutex_unlock(&watch->lock);
    g_clear_pointer(&watch->thread, g_thread_join);
    gboolean killed = watch->killed;
    g_mutex_clear(&watch->lock);
    g_cond_clear(&watch->ended);
    g_free(watch);
    return killed;
}
