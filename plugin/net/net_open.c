/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net_open.c: models that are kept open until one of their files changes. */

#include "base/fail.h"
#include "base/stamp.h"
#include "net/card_file.h"
#include "net/cut.h"
#include "net/guess.h"
#include "net/hash.h"
#include "net/net.h"
#include "net/shipped.h"
#include <glib/gstdio.h>

/* The size where neither file nor card says one: most nets for pictures were trained at
 * it. */
#define USUAL_SIDE 224

/* No picture net takes more: a square of the largest side in three channels of floats
 * would be 3 GB. */
#define MOST_PIXELS ((gint64)1 << 26)

typedef struct {
    Net net;
    Stamp *stamps;  /* of its files */
    gboolean stale; /* its card was changed */
} Opened;

static gboolean
is_as_it_was(const Opened *entry)
{
    if (entry->stale)
        return FALSE;
    for (gsize i = 0; entry->net.files[i]; i++) {
        Stamp now = stamp_of(entry->net.files[i]);
        if (!stamp_is_same(&entry->stamps[i], &now))
            return FALSE;
    }
    return TRUE;
}

/* By path. A process runs procedures one after another, on one thread. */
static GHashTable *opened;

/* Models whose files have changed since. A window may still use them, so they stay until
 * net_forget(). */
static GSList *replaced;

static gboolean copies; /* see net_copy_files() */

void
net_copy_files(void)
{
    copies = TRUE;
}

static void
opened_free(void *data)
{
    Opened *entry = data;
    dcn_plan_free(entry->net.survey);
    card_clear(&entry->net.card);
    dcn_model_free(entry->net.model);
    g_strfreev(entry->net.files);
    g_free(entry->stamps);
    g_free(entry->net.path);
    g_free(entry);
}

void
net_forget(void)
{
    g_clear_pointer(&opened, g_hash_table_unref);
    g_slist_free_full(g_steal_pointer(&replaced), opened_free);
}

static gboolean
settle_input(Net *net, GError **error)
{
    DcnInputLayout *layout = &net->layout;
    if (layout->channels != 1 && layout->channels != 3 && layout->channels != -1)
        return fail_input(
            error,
            _("The model “%s” takes pictures of %lld channels; Featurescope gives it 3 (colour) or 1 (gray)."),
            net->path, (long long)layout->channels);
    net->channels = layout->channels == 1 ? 1 : 3;
    gint64 height = layout->height, width = layout->width;
    if (height < 1)
        height = net->card.height ? net->card.height : USUAL_SIDE;
    if (width < 1)
        width = net->card.width ? net->card.width : USUAL_SIDE;
    if (height > MOST_PIXELS || width > MOST_PIXELS / height)
        return fail_input(
            error,
            _("The model “%s” takes pictures of %lld × %lld pixels, which is too large."),
            net->path, (long long)width, (long long)height);
    layout->channels = net->channels;
    layout->height = height;
    layout->width = width;
    net->height = (int)height;
    net->width = (int)width;
    return TRUE;
}

/* Where layers do not fit the size of the file, or of most nets, another usual one is
 * looked for: files leave sizes open, or declare them wrong. */
static void
find_size(Net *net)
{
    static const int sides[] = {224, 227, 256, 299, 192, 160, 128, 112, 96,
                                80,  64,  56,  48,  40,  32,  28,  320, 384};
    DcnError reason = {0};
    const DcnPlan *survey = net->card.height ? NULL : net_survey(net, NULL);
    if (!survey || dcn_plan_is_whole(survey, &reason) || reason.code != DCN_ERROR_SHAPE)
        return;
    int height = net->height, width = net->width;
    for (gsize i = 0; i < G_N_ELEMENTS(sides) && !net->found_size; i++) {
        DcnPlan *first = net->survey;
        net->survey = NULL;
        net->height = net->width = sides[i];
        survey = net_survey(net, NULL);
        net->found_size = survey && dcn_plan_is_whole(survey, NULL);
        dcn_plan_free(net->found_size ? first : net->survey);
        if (!net->found_size)
            net->survey = first;
    }
    if (!net->found_size) {
        net->height = height;
        net->width = width;
    }
    net->layout.height = net->height;
    net->layout.width = net->width;
}

static gboolean
open_parts(Net *net, const char *models, GError **error)
{
    DcnError core = {0};
    if (!copies)
        cut_survive();
    net->model = copies ? dcn_model_open_copied(net->path, &core)
                        : dcn_model_open(net->path, &core);
    if (!net->model || !dcn_model_input_layout(net->model, &net->layout, &core))
        return fail_core(error, &core);
    if (!card_read(&net->card, net->path, net->model, models, error) ||
        !settle_input(net, error))
        return FALSE;
    find_size(net);
    /* A net that cannot be planned as a whole is guessed by its names. */
    const DcnPlan *survey =
        net->card.source == CARD_SILENT ? net_survey(net, NULL) : NULL;
    guess_feeding(&net->card, net->path, net->model, &net->layout, survey);
    return TRUE;
}

/* The model's stamp was taken before it was read: what changes meanwhile is noticed. */
static void
list_files(Opened *entry, Stamp model)
{
    Net *net = &entry->net;
    gsize count = dcn_model_external_count(net->model);
    char *folder = g_path_get_dirname(net->path);
    net->files = g_new0(char *, count + 2);
    entry->stamps = g_new(Stamp, count + 1);
    net->files[0] = g_strdup(net->path);
    entry->stamps[0] = model;
    for (gsize i = 0; i < count; i++) {
        net->files[i + 1] =
            g_build_filename(folder, dcn_model_external(net->model, i), NULL);
        entry->stamps[i + 1] = stamp_of(net->files[i + 1]);
    }
    g_free(folder);
}

static gboolean
fail_changed(GError **error, const char *path)
{
    return fail_run(
        error, _("“%s” was changed while it was read: please run this again."), path);
}

gboolean
net_steady(const Net *net, GError **error)
{
    const Opened *entry = (const Opened *)net; /* its first member */
    for (gsize i = 0; net->files[i]; i++) {
        Stamp now = stamp_of(net->files[i]);
        if (stamp_is_rewritten(&entry->stamps[i], &now))
            return fail_changed(error, net->files[i]);
    }
    return TRUE;
}

/* Of a file that changes meanwhile nothing else is true. */
static gboolean
open_steady(Opened *entry, GError **error)
{
    char *models = shipped_folder();
    GError *why = NULL;
    Stamp before = stamp_of(entry->net.path);
    gboolean ok = open_parts(&entry->net, models, &why);
    g_free(models);
    if (ok) {
        list_files(entry, before);
        return net_steady(&entry->net, error);
    }
    Stamp after = stamp_of(entry->net.path);
    if (stamp_is_rewritten(&before, &after)) {
        g_clear_error(&why);
        return fail_changed(error, entry->net.path);
    }
    g_propagate_error(error, why);
    return FALSE;
}

Net *
net_open(const char *path, GError **error)
{
    char *said = shipped_path(path), *full = g_canonicalize_filename(said, NULL);
    g_free(said);
    if (!opened)
        opened = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, opened_free);

    Opened *entry = g_hash_table_lookup(opened, full);
    if (entry && is_as_it_was(entry)) {
        g_free(full);
        return &entry->net;
    }
    if (entry) {
        g_hash_table_steal(opened, full);
        replaced = g_slist_prepend(replaced, entry);
    }
    entry = g_new0(Opened, 1);
    entry->net.path = full;
    if (!open_steady(entry, error)) {
        opened_free(entry);
        return NULL;
    }
    g_hash_table_insert(opened, full, entry);
    return &entry->net;
}

gboolean
net_feed_as(const Net *net, const DcnPreprocessing *how, char **card, GError **error)
{
    gboolean ok =
        shipped_has(net->path)
            ? fail_input(
                  error,
                  _("“%s” belongs to Featurescope, so its card is right and stays as it is."),
                  net->card.name)
            : card_file_write(net->path, how, net->channels, card, error);
    Opened *entry = ok && opened ? g_hash_table_lookup(opened, net->path) : NULL;
    if (entry)
        entry->stale = TRUE;
    return ok;
}

char *
net_hash(const Net *net)
{
    char *first = hash_file(net->files[0]);
    if (!first || !net->files[1])
        return first;
    GChecksum *all = g_checksum_new(G_CHECKSUM_SHA256);
    gboolean ok = TRUE;
    g_checksum_update(all, (const guchar *)first, -1);
    for (gsize i = 1; ok && net->files[i]; i++) {
        char *one = hash_file(net->files[i]);
        if (one)
            g_checksum_update(all, (const guchar *)one, -1);
        ok = one != NULL;
        g_free(one);
    }
    char *sum = ok ? g_strdup(g_checksum_get_string(all)) : NULL;
    g_checksum_free(all);
    g_free(first);
    return sum;
}
