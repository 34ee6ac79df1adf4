/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recipe.c: the table of a recipe's keys, and reading and checking a recipe by it. */

#include "recipe/recipe.h"
#include "base/fail.h"
#include "base/load.h"
#include <string.h>

typedef enum { KEY_TEXT, KEY_WHOLE, KEY_NUMBER, KEY_SWITCH, KEY_CHOICE } KeyType;

/* A key: where it stands, where its value goes, and what it may be. */
typedef struct {
    const char *group, *key;
    KeyType type;
    gsize offset;
    double least, most;
    const char *value; /* if not said; NULL: nothing */
    int count;         /* numbers; 0 is 1 */
    const char *const *choices;
} Key;

static const char *const heads[] = {"keep", "new", NULL};
static const char *const fits[] = {"crop", "stretch", NULL};
static const char *const schedules[] = {"cosine", "step", NULL};

#define KEY(group_, key_, type_, member)                                                 \
    .group = group_, .key = key_, .type = type_, .offset = G_STRUCT_OFFSET(Recipe, member)
#define RANGE(least_, most_) .least = least_, .most = most_

static const Key keys[] = {
    {KEY("model", "name", KEY_TEXT, name), .value = "net"},
    {KEY("model", "input", KEY_WHOLE, input), RANGE(0, 4096), .value = "0"},
    {KEY("model", "init", KEY_TEXT, init)},
    {KEY("model", "from", KEY_TEXT, from)},
    {KEY("model", "head", KEY_CHOICE, head), .value = "keep", .choices = heads},
    {KEY("model", "fit", KEY_CHOICE, fit), .value = "crop", .choices = fits},
    {KEY("model", "freeze", KEY_TEXT, freeze)},
    {KEY("model", "mean", KEY_NUMBER, mean), RANGE(-1000, 1000),
     .value = "0.48;0.45;0.40", .count = 3},
    {KEY("model", "std", KEY_NUMBER, std), RANGE(1e-6, 1000), .value = "0.27;0.26;0.28",
     .count = 3},
    {KEY("model", "fold", KEY_SWITCH, fold), .value = "yes"},

    {KEY("augment", "crop", KEY_NUMBER, crop), RANGE(0.01, 1), .value = "1;1",
     .count = 2},
    {KEY("augment", "ratio", KEY_NUMBER, ratio), RANGE(0.1, 10), .value = "1;1",
     .count = 2},
    {KEY("augment", "flip", KEY_NUMBER, flip), RANGE(0, 1), .value = "0"},
    {KEY("augment", "gray", KEY_NUMBER, gray), RANGE(0, 1), .value = "0"},
    {KEY("augment", "brightness", KEY_NUMBER, brightness), RANGE(0, 1), .value = "0"},
    {KEY("augment", "contrast", KEY_NUMBER, contrast), RANGE(0, 1), .value = "0"},
    {KEY("augment", "saturation", KEY_NUMBER, saturation), RANGE(0, 1), .value = "0"},
    {KEY("augment", "mixup", KEY_NUMBER, mixup), RANGE(0, 1), .value = "0"},
    {KEY("augment", "plain-epochs", KEY_NUMBER, plain), RANGE(0, 10000), .value = "0"},

    {KEY("training", "epochs", KEY_WHOLE, epochs), RANGE(1, 100000), .value = "1"},
    {KEY("training", "batch", KEY_WHOLE, batch), RANGE(1, 65536), .value = "64"},
    {KEY("training", "rate", KEY_NUMBER, rate), RANGE(0, 1000), .value = "0.01"},
    {KEY("training", "momentum", KEY_NUMBER, momentum), RANGE(0, 0.9999), .value = "0.9"},
    {KEY("training", "nesterov", KEY_SWITCH, nesterov), .value = "no"},
    {KEY("training", "decay", KEY_NUMBER, decay), RANGE(0, 1), .value = "0"},
    {KEY("training", "decay-weights-only", KEY_SWITCH, decay_weights_only),
     .value = "no"},
    {KEY("training", "warmup-epochs", KEY_NUMBER, warmup), RANGE(0, 10000), .value = "0"},
    {KEY("training", "schedule", KEY_CHOICE, schedule), .value = "cosine",
     .choices = schedules},
    {KEY("training", "step-epochs", KEY_WHOLE, step_epochs), RANGE(1, 100000),
     .value = "10"},
    {KEY("training", "step-factor", KEY_NUMBER, step_factor), RANGE(0, 1),
     .value = "0.1"},
    {KEY("training", "smoothing", KEY_NUMBER, smoothing), RANGE(0, 0.99), .value = "0"},
    {KEY("training", "filter-rms", KEY_NUMBER, rms_limit), RANGE(0, 1000), .value = "0"},
    {KEY("training", "average", KEY_NUMBER, average), RANGE(0, 0.99999999), .value = "0"},
    {KEY("training", "checkpoint-epochs", KEY_WHOLE, checkpoints), RANGE(0, 100000),
     .value = "1"},

    {KEY("teacher", "model", KEY_TEXT, teacher)},
    {KEY("teacher", "temperature", KEY_NUMBER, temperature), RANGE(0.01, 1000),
     .value = "1"},
    {KEY("teacher", "weight", KEY_NUMBER, teacher_weight), RANGE(0, 1), .value = "0.5"},
    {KEY("teacher", "input", KEY_WHOLE, teacher_input), RANGE(0, 4096), .value = "0"},
};

static const Key *
find_key(const char *group, const char *key)
{
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        if (g_str_equal(keys[i].group, group) && g_str_equal(keys[i].key, key))
            return &keys[i];
    return NULL;
}

/* --- values --- */

static gboolean
fail_value(const Key *key, const char *value, const char *expected, GError **error)
{
    return fail_input(error, _("The recipe says %s = “%s” in [%s]; expected: %s."),
                      key->key, value, key->group, expected);
}

static gboolean
fail_range(const Key *key, const char *value, GError **error)
{
    int count = MAX(key->count, 1);
    char *expected =
        key->type == KEY_WHOLE
            ? g_strdup_printf(_("a whole number from %g to %g"), key->least, key->most)
            : g_strdup_printf(ngettext("%d number from %g to %g",
                                       "%d numbers from %g to %g, separated by “;”",
                                       (unsigned long)count),
                              count, key->least, key->most);
    fail_value(key, value, expected, error);
    g_free(expected);
    return FALSE;
}

static gboolean
take_numbers(const Key *key, const char *value, double *numbers, GError **error)
{
    int count = MAX(key->count, 1);
    char **parts = g_strsplit(value, ";", -1);
    gboolean ok = g_strv_length(parts) == (guint)count;
    for (int i = 0; ok && i < count; i++) {
        char *end, *part = g_strstrip(parts[i]);
        numbers[i] = g_ascii_strtod(part, &end);
        ok = end != part && !*end && numbers[i] >= key->least && numbers[i] <= key->most;
    }
    g_strfreev(parts);
    return ok || fail_range(key, value, error);
}

static gboolean
take_choice(const Key *key, const char *value, int *choice, GError **error)
{
    for (int i = 0; key->choices[i]; i++)
        if (g_str_equal(key->choices[i], value)) {
            *choice = i;
            return TRUE;
        }
    char *expected = g_strjoinv(", ", (char **)(gpointer)key->choices);
    fail_value(key, value, expected, error);
    g_free(expected);
    return FALSE;
}

static gboolean
take_value(Recipe *recipe, const Key *key, const char *value, GError **error)
{
    gpointer to = G_STRUCT_MEMBER_P(recipe, key->offset);
    double number;
    switch (key->type) {
    case KEY_TEXT:
        if (!*value)
            return fail_value(key, value, _("a text"), error);
        g_free(*(char **)to);
        *(char **)to = g_strdup(value);
        return TRUE;
    case KEY_NUMBER:
        return take_numbers(key, value, to, error);
    case KEY_WHOLE:
        if (!take_numbers(key, value, &number, error))
            return FALSE;
        *(int *)to = (int)number;
        return (double)*(int *)to == number || fail_range(key, value, error);
    case KEY_CHOICE:
        return take_choice(key, value, to, error);
    case KEY_SWITCH:
        if (!g_str_equal(value, "yes") && !g_str_equal(value, "no"))
            return fail_value(key, value, "yes, no", error);
        *(gboolean *)to = g_str_equal(value, "yes");
        return TRUE;
    }
    return FALSE;
}

/* --- the file --- */

static gboolean
take_layers(Recipe *recipe, GKeyFile *file, GError **error)
{
    gsize count = 0;
    char **names = g_key_file_get_keys(file, "layers", &count, NULL);
    recipe->layers = g_new0(Layer, count + 1);
    gboolean ok = TRUE;
    for (gsize i = 0; ok && i < count; i++) {
        char *text = g_key_file_get_string(file, "layers", names[i], error);
        ok = text && layer_parse(&recipe->layers[i], names[i], text, error);
        recipe->n_layers += ok;
        g_free(text);
    }
    g_strfreev(names);
    return ok;
}

static gboolean
take_group(Recipe *recipe, GKeyFile *file, const char *group, GError **error)
{
    char **names = g_key_file_get_keys(file, group, NULL, error);
    gboolean ok = names != NULL;
    for (char **name = names; ok && *name; name++) {
        const Key *key = find_key(group, *name);
        if (!key) {
            ok = fail_input(error, _("The recipe has an unknown key “%s” in [%s]."),
                            *name, group);
            continue;
        }
        char *value = g_key_file_get_string(file, group, *name, error);
        ok = value && take_value(recipe, key, g_strstrip(value), error);
        g_free(value);
    }
    g_strfreev(names);
    return ok;
}

static gboolean
known_group(const char *group)
{
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        if (g_str_equal(keys[i].group, group))
            return TRUE;
    return FALSE;
}

static gboolean
take_all(Recipe *recipe, GKeyFile *file, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        if (keys[i].value && !take_value(recipe, &keys[i], keys[i].value, error))
            return FALSE;
    char **groups = g_key_file_get_groups(file, NULL);
    gboolean ok = TRUE;
    for (char **group = groups; ok && *group; group++)
        if (g_str_equal(*group, "layers"))
            ok = take_layers(recipe, file, error);
        else if (known_group(*group))
            ok = take_group(recipe, file, *group, error);
        else
            ok = fail_input(error, _("The recipe has an unknown group [%s]."), *group);
    g_strfreev(groups);
    return ok;
}

/* "training.epochs=3" */
static gboolean
overrule(GKeyFile *file, const char *setting, GError **error)
{
    const char *dot = strchr(setting, '.'), *equals = dot ? strchr(dot, '=') : NULL;
    if (!equals)
        return fail_input(error, _("“%s” is no setting; expected: group.key=value."),
                          setting);
    char *group = g_strndup(setting, (gsize)(dot - setting));
    char *key = g_strndup(dot + 1, (gsize)(equals - dot - 1));
    if (equals[1])
        g_key_file_set_value(file, group, key, equals + 1);
    else
        g_key_file_remove_key(file, group, key, NULL);
    g_free(key);
    g_free(group);
    return TRUE;
}

/* TRUE if pictures are varied by more than mirroring, which frozen features do not
 * allow. */
static gboolean
is_varied(const Recipe *recipe)
{
    return recipe->crop[0] != 1 || recipe->gray > 0 || recipe->brightness > 0 ||
           recipe->contrast > 0 || recipe->saturation > 0;
}

static gboolean
check_whole(const Recipe *recipe, GError **error)
{
    if (recipe->n_layers == 0 && !recipe->init)
        return fail_input(error, _("The recipe has neither [layers] nor “init”."));
    if (recipe->from && (!recipe->init || recipe->n_layers == 0))
        return fail_input(
            error,
            _("“from” needs “init”, the model that has the tensor, and [layers], which go on from it."));
    if (recipe->n_layers > 0 && recipe->input == 0 && !recipe->from)
        return fail_input(
            error,
            _("The recipe has [layers] but does not say “input”, the side of the picture in pixels."));
    if (recipe->freeze && !recipe->init)
        return fail_input(
            error,
            _("“freeze” needs “init”: without it there is nothing that was learned before."));
    if (recipe->freeze && is_varied(recipe))
        return fail_input(
            error,
            _("What a frozen layer makes of a picture is computed once: only flip and mixup can vary it."));
    if (recipe->freeze && recipe->teacher)
        return fail_input(
            error,
            _("A teacher needs pictures, and what comes before a frozen layer sees none."));
    if (recipe->crop[0] > recipe->crop[1] || recipe->ratio[0] > recipe->ratio[1])
        return fail_input(
            error,
            _("“crop” and “ratio” are a least and a largest value, in this order."));
    return TRUE;
}

/* The comments of the file are not kept: they change nothing. */
static char *
text_that_counts(GKeyFile *file)
{
    GString *text = g_string_new(NULL);
    char **groups = g_key_file_get_groups(file, NULL);
    for (char **group = groups; *group; group++) {
        char **names = g_key_file_get_keys(file, *group, NULL, NULL);
        g_string_append_printf(text, "[%s]\n", *group);
        for (char **name = names; name && *name; name++) {
            char *value = g_key_file_get_value(file, *group, *name, NULL);
            g_string_append_printf(text, "%s=%s\n", *name, value);
            g_free(value);
        }
        g_strfreev(names);
    }
    g_strfreev(groups);
    return g_string_free(text, FALSE);
}

Recipe *
recipe_read(const char *path, const char *const *settings, GError **error)
{
    GKeyFile *file = g_key_file_new();
    Recipe *recipe = g_new0(Recipe, 1);
    gboolean ok = load_keys(file, path, G_KEY_FILE_NONE, error);
    for (; ok && settings && *settings; settings++)
        ok = overrule(file, *settings, error);
    ok = ok && take_all(recipe, file, error);
    if (recipe->freeze && g_str_equal(recipe->freeze, "none"))
        g_clear_pointer(&recipe->freeze, g_free);
    ok = ok && check_whole(recipe, error);
    if (ok) {
        recipe->text = text_that_counts(file);
    } else {
        char *name = g_path_get_basename(path);
        g_prefix_error(error, "%s: ", name);
        g_free(name);
        recipe_free(recipe);
        recipe = NULL;
    }
    g_key_file_unref(file);
    return recipe;
}

void
recipe_free(Recipe *recipe)
{
    if (!recipe)
        return;
    for (gsize i = 0; i < recipe->n_layers; i++)
        layer_clear(&recipe->layers[i]);
    g_free(recipe->layers);
    g_free(recipe->name);
    g_free(recipe->init);
    g_free(recipe->freeze);
    g_free(recipe->from);
    g_free(recipe->teacher);
    g_free(recipe->text);
    g_free(recipe);
}
