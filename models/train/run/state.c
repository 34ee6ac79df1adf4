/* SPDX-License-Identifier: GPL-3.0-or-later */
/* state.c: writes the state of a training, and checks and reads it again. */

#include "run/state.h"
#include "base/fail.h"
#include "base/save.h"
#include <string.h>

#define MAGIC "featurescope training state 1\n"
#define GROUP "training"
#define SUM_BYTES 32
#define MOST_TEXT ((guint64)64 << 20)

/* --- the text --- */

/* "14112 conv1.weight" for each; ended by NULL. g_strfreev() */
static char **
list_parameters(const DcnTrainer *trainer)
{
    gsize n = dcn_trainer_parameter_count(trainer);
    char **names = g_new0(char *, n + 1);
    for (gsize i = 0; i < n; i++) {
        const DcnParameter *p = dcn_trainer_parameter(trainer, i);
        names[i] = g_strdup_printf("%" G_GSIZE_FORMAT " %s", p->count, p->name);
    }
    return names;
}

static GKeyFile *
describe(const Identity *identity,
         gsize epochs,
         DcnTrainer *trainer,
         const Average *average)
{
    GKeyFile *file = g_key_file_new();
    gsize n = dcn_trainer_parameter_count(trainer);
    char *classes = g_strjoinv("\n", (char **)(gpointer)identity->classes);
    g_key_file_set_string(file, GROUP, "recipe", identity->recipe);
    g_key_file_set_string(file, GROUP, "classes", classes);
    g_key_file_set_string(file, GROUP, "images", identity->images);
    g_key_file_set_uint64(file, GROUP, "seed", identity->seed);
    g_key_file_set_uint64(file, GROUP, "epochs", epochs);
    g_key_file_set_uint64(file, GROUP, "averaged-steps", average->steps);
    g_key_file_set_uint64(file, GROUP, "random", *dcn_trainer_random(trainer));
    char **names = list_parameters(trainer);
    g_key_file_set_string_list(file, GROUP, "parameters", (const char *const *)names, n);
    g_strfreev(names);
    g_free(classes);
    return file;
}

/* --- writing --- */

typedef struct {
    Save *save;
    GChecksum *sum;
} Sink;

static void
put(Sink *sink, const void *bytes, gsize size)
{
    g_checksum_update(sink->sum, bytes, (gssize)size);
    save_put(sink->save, bytes, size);
}

static void
put_all(Sink *sink, const char *text, DcnTrainer *trainer, const Average *average)
{
    guint64 length = strlen(text);
    put(sink, MAGIC, strlen(MAGIC));
    put(sink, &length, sizeof length);
    put(sink, text, length);
    for (gsize i = 0; i < average->n_values; i++) {
        const DcnParameter *p = dcn_trainer_parameter(trainer, i);
        gsize bytes = p->count * sizeof(float);
        put(sink, p->value, bytes);
        if (p->velocity)
            put(sink, p->velocity, bytes);
        put(sink, average->values[i], bytes);
    }
    guint8 sum[SUM_BYTES];
    gsize n_sum = sizeof sum;
    g_checksum_get_digest(sink->sum, sum, &n_sum);
    save_put(sink->save, sum, n_sum);
}

gboolean
state_write(const char *path,
            const Identity *identity,
            gsize epochs,
            DcnTrainer *trainer,
            const Average *average,
            GError **error)
{
    GKeyFile *file = describe(identity, epochs, trainer, average);
    char *text = g_key_file_to_data(file, NULL, NULL);
    Sink sink = {save_begin(path), g_checksum_new(G_CHECKSUM_SHA256)};
    put_all(&sink, text, trainer, average);
    gboolean ok = save_end(sink.save, error);
    g_checksum_free(sink.sum);
    g_free(text);
    g_key_file_unref(file);
    return ok;
}

/* --- reading --- */

static gboolean
fail_damaged(const char *path, GError **error)
{
    return fail_input(error, _("“%s” is no whole state of a training."), path);
}

static gboolean
same_text(GKeyFile *file, const char *key, const char *wanted)
{
    char *value = g_key_file_get_string(file, GROUP, key, NULL);
    gboolean same = value && strcmp(value, wanted) == 0;
    g_free(value);
    return same;
}

static gboolean
check_identity(GKeyFile *file, const Identity *identity, const char *path, GError **error)
{
    char *classes = g_strjoinv("\n", (char **)(gpointer)identity->classes);
    const char *differs =
        !same_text(file, "classes", classes)           ? _("the list of classes")
        : !same_text(file, "recipe", identity->recipe) ? _("the recipe")
        : !same_text(file, "images", identity->images) ? _("the list of pictures")
        : g_key_file_get_uint64(file, GROUP, "seed", NULL) != identity->seed
            ? _("the seed")
            : NULL;
    g_free(classes);
    return !differs ||
           fail_input(error,
                      _("The training in “%s” cannot go on: %s is another one now."),
                      path, differs);
}

/* The numbers behind the text have the length that the parameters need. */
static gboolean
check_parameters(GKeyFile *file, gsize bytes, const DcnTrainer *trainer)
{
    gsize wanted = 0;
    char **here = list_parameters(trainer);
    char **there = g_key_file_get_string_list(file, GROUP, "parameters", NULL, NULL);
    gboolean same =
        there && g_strv_equal((const char *const *)here, (const char *const *)there);
    for (gsize i = 0; i < dcn_trainer_parameter_count(trainer); i++) {
        const DcnParameter *p = dcn_trainer_parameter(trainer, i);
        wanted += p->count * sizeof(float) * (p->velocity ? 3 : 2);
    }
    g_strfreev(there);
    g_strfreev(here);
    return same && wanted == bytes;
}

static const guint8 *
take(const guint8 *from, float *to, gsize bytes)
{
    memcpy(to, from, bytes);
    return from + bytes;
}

static gboolean
whole(const guint8 *bytes, gsize size)
{
    gsize head = strlen(MAGIC) + sizeof(guint64), n_sum = SUM_BYTES;
    if (size < head + SUM_BYTES || memcmp(bytes, MAGIC, strlen(MAGIC)) != 0)
        return FALSE;
    guint64 length;
    memcpy(&length, bytes + strlen(MAGIC), sizeof length);
    if (length > MOST_TEXT || length > size - head - SUM_BYTES)
        return FALSE;
    guint8 sum[SUM_BYTES];
    GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(checksum, bytes, (gssize)(size - SUM_BYTES));
    g_checksum_get_digest(checksum, sum, &n_sum);
    g_checksum_free(checksum);
    return memcmp(sum, bytes + size - SUM_BYTES, SUM_BYTES) == 0;
}

static gboolean
restore(const char *path,
        const guint8 *bytes,
        gsize size,
        const Identity *identity,
        gsize *epochs,
        DcnTrainer *trainer,
        Average *average,
        GError **error)
{
    guint64 length;
    memcpy(&length, bytes + strlen(MAGIC), sizeof length);
    const guint8 *text = bytes + strlen(MAGIC) + sizeof length, *at = text + length;
    GKeyFile *file = g_key_file_new();
    gboolean ok = g_key_file_load_from_data(file, (const char *)text, length,
                                            G_KEY_FILE_NONE, NULL) ||
                  fail_damaged(path, error);
    ok = ok && check_identity(file, identity, path, error);
    if (ok && !check_parameters(file, size - SUM_BYTES - (gsize)(at - bytes), trainer))
        ok = fail_damaged(path, error);
    for (gsize i = 0; ok && i < average->n_values; i++) {
        const DcnParameter *p = dcn_trainer_parameter(trainer, i);
        at = take(at, p->value, p->count * sizeof(float));
        if (p->velocity)
            at = take(at, p->velocity, p->count * sizeof(float));
        at = take(at, average->values[i], p->count * sizeof(float));
    }
    if (ok) {
        *epochs = g_key_file_get_uint64(file, GROUP, "epochs", NULL);
        average->steps = g_key_file_get_uint64(file, GROUP, "averaged-steps", NULL);
        *dcn_trainer_random(trainer) = g_key_file_get_uint64(file, GROUP, "random", NULL);
    }
    g_key_file_unref(file);
    return ok;
}

gboolean
state_read(const char *path,
           const Identity *identity,
           gsize *epochs,
           DcnTrainer *trainer,
           Average *average,
           GError **error)
{
    GMappedFile *file = g_mapped_file_new(path, FALSE, NULL);
    if (!file)
        return fail_input(
            error, _("There is no training to go on with: “%s” cannot be read."), path);
    const guint8 *bytes = (const guint8 *)g_mapped_file_get_contents(file);
    gsize size = g_mapped_file_get_length(file);
    gboolean ok = whole(bytes, size) ? restore(path, bytes, size, identity, epochs,
                                               trainer, average, error)
                                     : fail_damaged(path, error);
    g_mapped_file_unref(file);
    return ok;
}
