/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sets.c: opens the data folders and reads the pictures of each part. */

#include "run/sets.h"
#include "base/fail.h"
#include "pictures/voc.h"
#include "run/report.h"
#include <unistd.h>

/* The arguments of sets_read() that are the same for all shelves. */
typedef struct {
    const Job *job;
    int side;
    gsize *room;
    gboolean (*stop)(void);
} Reader;

static gboolean
tell_reading(gsize done, gsize all, gpointer user)
{
    const Reader *reader = user;
    if (isatty(STDERR_FILENO)) {
        char *text =
            g_strdup_printf(_("reading pictures: %d of %d"), (int)done, (int)all);
        report_progress(text);
        g_free(text);
    }
    return !reader->stop();
}

/* *shelf stays NULL without items. */
static gboolean
read_shelf(Reader *reader,
           Shelf **shelf,
           const Data *data,
           const GPtrArray *items,
           GError **error)
{
    if (items->len == 0)
        return TRUE;
    *shelf = shelf_new(data, items, reader->side, reader->room,
                       reader->job->loaders + reader->job->threads, tell_reading, reader,
                       error);
    if (*shelf && (*shelf)->unreadable > 0)
        g_printerr(ngettext("%d picture could not be read and is skipped.\n",
                            "%d pictures could not be read and are skipped.\n",
                            (*shelf)->unreadable),
                   (int)(*shelf)->unreadable);
    return *shelf != NULL;
}

/* A folder of PASCAL VOC is measured by its own list "val" if nothing else is said. */
static gboolean
open_data(Sets *sets, const Job *job, GError **error)
{
    const char *folder = job->data_folder, *val = job->val_folder;
    if (voc_is(folder)) {
        const char *list = voc_has(folder, "train") ? "train" : NULL;
        sets->data = voc_open(folder, list, NULL, error);
        if (sets->data && list && !val && voc_has(folder, "val"))
            val = folder;
    } else {
        sets->data = data_open(folder, NULL, error);
    }
    if (!sets->data || !val)
        return sets->data != NULL;
    const char *const *classes = (const char *const *)sets->data->classes;
    sets->val_data =
        voc_is(val) ? voc_open(val, voc_has(val, "val") ? "val" : NULL, classes, error)
                    : data_open(val, classes, error);
    return sets->val_data != NULL;
}

gboolean
sets_read(Sets *sets,
          const Job *job,
          int side,
          gsize *room,
          gboolean (*stop)(void),
          GError **error)
{
    Reader reader = {job, side, room, stop};
    PartsOptions options = {.held_out = job->split,
                            .choose = job->choose,
                            .train_a_class = (gsize)job->train_a_class,
                            .test_a_class = (gsize)job->test_a_class,
                            .seed = (guint64)job->seed};
    *sets = (Sets){0};
    if (!open_data(sets, job, error))
        return FALSE;
    parts_split(&sets->parts, sets->data, &options);
    if (!read_shelf(&reader, &sets->train, sets->data, sets->parts.train, error))
        return FALSE;
    if (!sets->train)
        return fail_input(error, _("There are no pictures to learn from."));
    if (!data_check(sets->data, sets->train->items, _("to learn from"), error))
        return FALSE;
    const Data *data = sets->val_data ? sets->val_data : sets->data;
    const GPtrArray *items = sets->val_data ? data->items : sets->parts.choose;
    if ((sets->val_data || job->choose) &&
        !read_shelf(&reader, &sets->validation, data, items, error))
        return FALSE;
    return job->choose ||
           read_shelf(&reader, &sets->held_out, sets->data, sets->parts.held_out, error);
}

void
sets_clear(Sets *sets)
{
    shelf_free(sets->train);
    shelf_free(sets->validation);
    shelf_free(sets->held_out);
    parts_clear(&sets->parts);
    data_free(sets->val_data);
    data_free(sets->data);
}
