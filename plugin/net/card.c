/* SPDX-License-Identifier: GPL-3.0-or-later */
/* card.c: how pictures are prepared for a model. */

#include "net/card.h"
#include "base/fail.h"
#include "base/text.h"
#include "net/card_file.h"
#include <math.h>
#include <string.h>

/* Where a value may stand. */
typedef struct {
    GKeyFile *file; /* NULL: no card */
    const char *file_name;
    const DcnModel *model;
} Source;

/* The card's value, else the metadata's ("input.order"), else NULL. g_free(). */
static char *
text(const Source *source, const char *group, const char *key)
{
    char *value =
        source->file ? g_key_file_get_string(source->file, group, key, NULL) : NULL;
    if (value)
        return g_strstrip(value);
    char *name = g_strconcat(group, ".", key, NULL);
    value = g_strdup(dcn_model_metadata(source->model, name));
    g_free(name);
    return value ? g_strstrip(value) : NULL;
}

/* What messages about a value call its place. */
static const char *
name_of(const Source *source)
{
    return source->file ? source->file_name : _("metadata of the file");
}

static gboolean
fail_key(const Source *source,
         const char *key,
         const char *value,
         const char *expected,
         GError **error)
{
    return fail_input(error, _("The model's card (%s) says %s = “%s”; expected: %s."),
                      name_of(source), key, value, expected);
}

/* Which of both says one of these keys (NULL-ended). */
static const char *
sayer_of(const Source *source, const char *group, const char *const *keys)
{
    for (; source->file && *keys; keys++)
        if (g_key_file_has_key(source->file, group, *keys, NULL))
            return source->file_name;
    return _("metadata of the file");
}

/* Numbers separated by ";", "," or space. Returns how many there were, 0 if the key is
 * absent, -1 with an error if they are no numbers, or fewer than least, more than
 * most. */
static int
numbers(const Source *source,
        const char *key,
        int least,
        int most,
        const char *expected,
        double *values,
        GError **error)
{
    char *value = text(source, "input", key);
    if (!value)
        return 0;
    char **words = g_strsplit_set(value, ";, \t", -1);
    int count = 0;
    gboolean ok = TRUE;
    for (char **word = words; ok && *word; word++) {
        char *end;
        if (!**word)
            continue;
        double number = g_ascii_strtod(*word, &end);
        /* The last comparison is false for NaN. */
        ok = !*end && count < most && number > -1e6 && number < 1e6;
        if (ok)
            values[count++] = number;
    }
    ok = ok && count >= least;
    if (!ok)
        fail_key(source, key, value, expected, error);
    g_strfreev(words);
    g_free(value);
    return ok ? count : -1;
}

/* One number a channel, or one for all. */
static int
channels_of(const Source *source, const char *key, float out[3], GError **error)
{
    double values[3];
    int count =
        numbers(source, key, 1, 3, _("one number, or one a channel"), values, error);
    for (int c = 0; c < 3 && count > 0; c++)
        out[c] = (float)values[c < count ? c : count - 1];
    return count;
}

static gboolean
read_gamma(Card *card, const Source *source, gboolean *said, GError **error)
{
    char *gamma = text(source, "input", "gamma");
    if (!gamma)
        return TRUE;
    card->how.linear = g_ascii_strcasecmp(gamma, "linear") == 0;
    gboolean ok = card->how.linear || g_ascii_strcasecmp(gamma, "sRGB") == 0 ||
                  fail_key(source, "gamma", gamma, "sRGB, linear", error);
    *said = TRUE;
    g_free(gamma);
    return ok;
}

static gboolean
read_order(Card *card, const Source *source, gboolean *said, GError **error)
{
    char *order = text(source, "input", "order");
    if (!order)
        return TRUE;
    gboolean bgr = g_ascii_strcasecmp(order, "BGR") == 0;
    gboolean ok = bgr || g_ascii_strcasecmp(order, "RGB") == 0 ||
                  fail_key(source, "order", order, "RGB, BGR", error);
    card->how.bgr = bgr;
    *said = TRUE;
    g_free(order);
    return ok;
}

static gboolean
read_preprocessing(Card *card, const Source *source, GError **error)
{
    static const char *const preparing_keys[] = {"order", "range", "mean", "std", NULL};
    card->how = (DcnPreprocessing){.range = 1, .std = {1, 1, 1}};
    gboolean said = FALSE;
    if (!read_order(card, source, &said, error) ||
        !read_gamma(card, source, &said, error))
        return FALSE;

    double range[2] = {0, 1};
    int n_range = numbers(source, "range", 2, 2,
                          _("what black and white become: 0;1 or 0;255"), range, error);
    int n_mean = channels_of(source, "mean", card->how.mean, error);
    if (n_range < 0 || n_mean < 0)
        return FALSE;
    int n_std = channels_of(source, "std", card->how.std, error);
    if (n_std < 0)
        return FALSE;
    gboolean usable = range[0] != range[1];
    for (int c = 0; c < 3; c++)
        usable = usable && card->how.std[c] > 0;
    if (!usable)
        return fail_input(error, _("The model's card (%s) has a range or std of 0."),
                          name_of(source));

    /* Black becomes low: value * (high - low) + low - mean. */
    card->how.range = (float)(range[1] - range[0]);
    for (int c = 0; c < 3; c++)
        card->how.mean[c] -= (float)range[0];
    if (said || n_range || n_mean || n_std) {
        card->source = CARD_SAID;
        card->sure = CARD_CERTAIN;
        card->because =
            g_strdup_printf(_("as %s says"), sayer_of(source, "input", preparing_keys));
    }
    return TRUE;
}

/* Where the card and our own keys are silent. */
static void
read_words(Card *card, const char *model_path, const DcnModel *model)
{
    Words *words = &card->words;
    words_read(words, model_path, model);
    if (card->source == CARD_SILENT && words->preparation) {
        card->how = words->how;
        card->how.linear = words->linear;
        card->source = CARD_WORDS;
        card->sure = CARD_CERTAIN;
        card->because = g_strdup_printf(_("as %s says"), words->preparation);
    }
    if (!card->height) {
        card->height = words->height;
        card->width = words->width;
    }
}

static gboolean
read_size(Card *card, const Source *source, GError **error)
{
    double size[2];
    int count = numbers(source, "size", 1, 2, _("a side in pixels, or height;width"),
                        size, error);
    if (count < 0)
        return FALSE;
    for (int i = 0; i < count; i++)
        if (size[i] < 1 || size[i] > CARD_LARGEST_SIDE)
            return fail_input(error,
                              _("The model's card (%s) has a size outside 1 to %d."),
                              name_of(source), CARD_LARGEST_SIDE);
    if (count) {
        card->height = (int)size[0];
        card->width = (int)size[count - 1];
    }
    return TRUE;
}

/* A list beside the card, or one of those that ship. */
static gboolean
read_labels_file(
    Card *card, const char *name, const char *folder, const char *models, GError **error)
{
    char *beside =
        g_path_is_absolute(name) ? g_strdup(name) : g_build_filename(folder, name, NULL);
    char *shipped = g_build_filename(models, name, NULL);
    gboolean here = g_file_test(beside, G_FILE_TEST_EXISTS);
    GError *why = NULL;
    gboolean ok = labels_read(&card->labels, here ? beside : shipped, &why);
    if (!ok)
        fail_input(error, _("The list of names “%s” cannot be read: %s"), name,
                   why->message);
    g_clear_error(&why);
    g_free(beside);
    g_free(shipped);
    return ok;
}

static gboolean
read_labels(Card *card,
            const Source *source,
            const char *folder,
            const char *models,
            GError **error)
{
    char *name = text(source, "output", "labels-file");
    if (name) {
        gboolean ok = read_labels_file(card, name, folder, models, error);
        g_free(name);
        return ok;
    }
    if (source->file && g_key_file_has_key(source->file, "output", "labels", NULL)) {
        char **names = g_key_file_get_string_list(source->file, "output", "labels",
                                                  &card->labels.count, error);
        card->labels.names = names;
        for (char **one = names; one && *one; one++)
            g_strstrip(*one);
        return names != NULL;
    }
    const char *lines = dcn_model_metadata(source->model, "labels");
    return !lines || labels_parse(&card->labels, lines, _("metadata of the file"), error);
}

gboolean
card_read(Card *card,
          const char *model_path,
          const DcnModel *model,
          const char *models,
          GError **error)
{
    static const char *const naming_keys[] = {"labels", "labels-file", NULL};
    *card = (Card){0};
    char *folder = g_path_get_dirname(model_path), *file_name = NULL;
    Source source = {.model = model};
    gboolean ok = card_file_open(&source.file, &card->path, model_path, error);
    if (ok) {
        file_name = card->path ? g_path_get_basename(card->path) : NULL;
        source.file_name = file_name;
        card->name = text(&source, "model", "name");
        if (!card->name || !*card->name) {
            g_free(card->name);
            card->name = g_path_get_basename(model_path);
        }
        card->name = text_valid(card->name);
        card->output = text(&source, "output", "name");
        if (card->output && !*card->output)
            g_clear_pointer(&card->output, g_free);
        ok = read_preprocessing(card, &source, error) &&
             read_size(card, &source, error) &&
             read_labels(card, &source, folder, models, error);
        if (ok && card->labels.count)
            card->labels_from = g_strdup(sayer_of(&source, "output", naming_keys));
        if (ok)
            read_words(card, model_path, model);
    }
    if (!ok)
        card_clear(card);
    g_clear_pointer(&source.file, g_key_file_unref);
    g_free(file_name);
    g_free(folder);
    return ok;
}

void
card_clear(Card *card)
{
    g_free(card->name);
    g_free(card->path);
    g_free(card->because);
    g_free(card->labels_from);
    g_free(card->output);
    labels_clear(&card->labels);
    words_clear(&card->words);
    *card = (Card){0};
}

static gboolean
is_even(const float values[3], int channels)
{
    return channels == 1 || (values[0] == values[1] && values[1] == values[2]);
}

char *
card_feeding(const Card *card, int channels)
{
    const DcnPreprocessing *how = &card->how;
    const char *order = channels == 1 ? _("gray") : how->bgr ? "B G R" : "R G B";
    char *light = how->linear ? g_strdup_printf(_("%s as linear light"), order) : NULL;
    gboolean even = is_even(how->mean, channels) && is_even(how->std, channels);
    /* What becomes of black and white: with a mean and deviation by channel, before. */
    double low = even ? (double)-how->mean[0] / (double)how->std[0] : 0;
    double high = even ? (double)(how->range - how->mean[0]) / (double)how->std[0]
                       : (double)how->range;
    gboolean divides = !is_even(how->std, channels) || how->std[0] != 1;
    const char *format = even      ? _("%g…%g, %s")
                         : divides ? _("%g…%g, %s, minus a mean, divided by a deviation")
                                   : _("%g…%g, %s, minus a mean");
    /* A sum of floats such as 0.485 * 255 shall not be read to the last digit. */
    char *text = g_strdup_printf(format, round(low * 1000) / 1000 + 0.0,
                                 round(high * 1000) / 1000, light ? light : order);
    g_free(light);
    return text;
}
