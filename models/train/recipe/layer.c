/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer.c: parses one line of [layers] by a table of kinds and their numbers. */

#include "recipe/layer.h"
#include "base/fail.h"
#include <math.h>
#include <string.h>

/* The range of each number, the same in every kind of layer. */
static const struct {
    const char *name;
    double least, most, value;
    gboolean whole;
} numbers[LAYER_NUMBERS] = {
    [NUMBER_MAPS] = {"maps", 1, 65536, 0, TRUE},
    [NUMBER_SIZE] = {"size", 1, 1024, 0, TRUE},
    [NUMBER_STRIDE] = {"stride", 1, 1024, 1, TRUE},
    [NUMBER_PAD] = {"pad", 0, 1024, 0, TRUE},
    [NUMBER_GROUPS] = {"groups", 1, 65536, 1, TRUE},
    [NUMBER_CEIL] = {"ceil", 0, 1, 0, TRUE},
    [NUMBER_RATIO] = {"ratio", 0, 0.99, 0.5, FALSE},
    [NUMBER_ALPHA] = {"alpha", 0, 100, 1e-4, FALSE},
    [NUMBER_BETA] = {"beta", 0, 100, 0.75, FALSE},
    [NUMBER_BIAS] = {"bias", 0, 100, 1, FALSE},
    [NUMBER_COUNT] = {"count", 1, 1024, 1, TRUE},
};

#define TAKES(n) (1U << (n))

static const struct {
    const char *name;
    unsigned takes, needs; /* sets of numbers */
} kinds[LAYER_KINDS] = {
    [LAYER_CONV] = {"conv",
                    TAKES(NUMBER_MAPS) | TAKES(NUMBER_SIZE) | TAKES(NUMBER_STRIDE) |
                        TAKES(NUMBER_PAD) | TAKES(NUMBER_GROUPS),
                    TAKES(NUMBER_MAPS) | TAKES(NUMBER_SIZE)},
    [LAYER_BATCHNORM] = {"batchnorm", 0, 0},
    [LAYER_RELU] = {"relu", 0, 0},
    [LAYER_MAXPOOL] = {"maxpool",
                       TAKES(NUMBER_SIZE) | TAKES(NUMBER_STRIDE) | TAKES(NUMBER_PAD) |
                           TAKES(NUMBER_CEIL),
                       TAKES(NUMBER_SIZE)},
    [LAYER_MEANPOOL] = {"meanpool",
                        TAKES(NUMBER_SIZE) | TAKES(NUMBER_STRIDE) | TAKES(NUMBER_PAD),
                        TAKES(NUMBER_SIZE)},
    [LAYER_CELLS] = {"cells", TAKES(NUMBER_COUNT), TAKES(NUMBER_COUNT)},
    [LAYER_AVERAGE] = {"average", 0, 0},
    [LAYER_LRN] = {"lrn",
                   TAKES(NUMBER_SIZE) | TAKES(NUMBER_ALPHA) | TAKES(NUMBER_BETA) |
                       TAKES(NUMBER_BIAS),
                   TAKES(NUMBER_SIZE)},
    [LAYER_UNIT] = {"unit", 0, 0},
    [LAYER_DROPOUT] = {"dropout", TAKES(NUMBER_RATIO), 0},
    [LAYER_FLATTEN] = {"flatten", 0, 0},
    [LAYER_LINEAR] = {"linear", TAKES(NUMBER_MAPS), 0},
    [LAYER_SOFTMAX] = {"softmax", 0, 0},
    [LAYER_SIGMOID] = {"sigmoid", 0, 0},
};

static int
find_kind(const char *word)
{
    for (int k = 0; k < LAYER_KINDS; k++)
        if (g_str_equal(kinds[k].name, word))
            return k;
    return -1;
}

static int
find_number(LayerKind kind, const char *word)
{
    for (int n = 0; n < LAYER_NUMBERS; n++)
        if (kinds[kind].takes & TAKES(n) && g_str_equal(numbers[n].name, word))
            return n;
    return -1;
}

static char *
list_kinds(void)
{
    GString *list = g_string_new(kinds[0].name);
    for (int k = 1; k < LAYER_KINDS; k++)
        g_string_append_printf(list, ", %s", kinds[k].name);
    return g_string_free(list, FALSE);
}

static gboolean
take_number(Layer *layer, int n, const char *word, GError **error)
{
    char *end;
    double value = g_ascii_strtod(word, &end);
    if (end == word || *end || !(value >= numbers[n].least && value <= numbers[n].most) ||
        (numbers[n].whole && value != floor(value)))
        return fail_input(error, _("Layer %s: %s is “%s”; expected: %s from %g to %g."),
                          layer->name, numbers[n].name, word,
                          numbers[n].whole ? _("a whole number") : _("a number"),
                          numbers[n].least, numbers[n].most);
    layer->number[n] = value;
    return TRUE;
}

static gboolean
take_words(Layer *layer, char **words, GError **error)
{
    int kind = words[0] ? find_kind(words[0]) : -1;
    if (kind < 0) {
        char *list = list_kinds();
        fail_input(error, _("Layer %s: there is no kind “%s”; expected one of: %s."),
                   layer->name, words[0] ? words[0] : "", list);
        g_free(list);
        return FALSE;
    }
    layer->kind = (LayerKind)kind;
    unsigned missing = kinds[kind].needs;
    for (char **word = words + 1; *word; word += 2) {
        int n = find_number(layer->kind, *word);
        if (n < 0)
            return fail_input(error, _("Layer %s: “%s” takes no “%s”."), layer->name,
                              kinds[kind].name, *word);
        if (!word[1])
            return fail_input(error, _("Layer %s: there is no number behind “%s”."),
                              layer->name, *word);
        if (!take_number(layer, n, word[1], error))
            return FALSE;
        missing &= ~TAKES(n);
    }
    for (int n = 0; n < LAYER_NUMBERS; n++)
        if (missing & TAKES(n))
            return fail_input(error, _("Layer %s: “%s” needs “%s” and a number."),
                              layer->name, kinds[kind].name, numbers[n].name);
    return TRUE;
}

gboolean
layer_parse(Layer *layer, const char *name, const char *text, GError **error)
{
    *layer = (Layer){.name = g_strdup(name)};
    for (int n = 0; n < LAYER_NUMBERS; n++)
        layer->number[n] = numbers[n].value;

    char **all = g_strsplit_set(text, " \t", -1);
    GPtrArray *words = g_ptr_array_new();
    for (char **word = all; *word; word++)
        if (**word)
            g_ptr_array_add(words, *word);
    g_ptr_array_add(words, NULL);
    gboolean ok = take_words(layer, (char **)words->pdata, error);
    g_ptr_array_unref(words);
    g_strfreev(all);
    if (!ok)
        layer_clear(layer);
    return ok;
}

void
layer_clear(Layer *layer)
{
    g_free(layer->name);
    *layer = (Layer){0};
}
