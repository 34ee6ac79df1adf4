/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tell.c: the answers before and after a removal, in words and as a table. */

#include "actions/whatif/whatif.h"
#include "base/fail.h"
#include "base/save.h"
#include "base/text.h"

gsize
whatif_top(const float *probability, gsize classes, gsize count, gsize *class_index)
{
    gsize found = 0;
    count = MIN(count, classes);
    for (gsize k = 0; k < classes; k++) {
        gsize place = found;
        while (place > 0 && probability[class_index[place - 1]] < probability[k])
            place--;
        if (place >= count)
            continue;
        found = MIN(found + 1, count);
        for (gsize i = found - 1; i > place; i--)
            class_index[i] = class_index[i - 1];
        class_index[place] = k;
    }
    return found;
}

gsize
whatif_pairs(const float *before,
             const float *after,
             gsize classes,
             gsize count,
             gsize *class_index)
{
    float *most = g_new(float, classes);
    for (gsize k = 0; k < classes; k++)
        most[k] = MAX(before[k], after[k]);
    count = whatif_top(most, classes, count, class_index);
    g_free(most);
    /* A handful: sorted by insertion. */
    for (gsize i = 1; i < count; i++)
        for (gsize k = i; k > 0 && before[class_index[k]] > before[class_index[k - 1]];
             k--) {
            gsize other = class_index[k];
            class_index[k] = class_index[k - 1];
            class_index[k - 1] = other;
        }
    return count;
}

/* --- sentences --- */

static double
followed(const Whatif *whatif, const WhatifAnswer *answer)
{
    return (double)answer->probability[whatif->class_index];
}

char *
whatif_change(const Whatif *whatif, const WhatifTrial *trial)
{
    char before[TEXT_NUMBER], after[TEXT_NUMBER];
    char *what = text_of_label("P", whatif->label);
    char *text = g_strdup_printf(
        "%s %s → %s", what, text_probability(before, followed(whatif, &whatif->before)),
        text_probability(after, followed(whatif, &trial->answer)));
    g_free(what);
    return text;
}

static char *
sentence_of_one(const Whatif *whatif, const WhatifTrial *trial)
{
    char number[TEXT_NUMBER];
    gsize was, is;
    whatif_top(whatif->before.probability, whatif->asker.classes, 1, &was);
    whatif_top(trial->answer.probability, whatif->asker.classes, 1, &is);
    char *change = whatif_change(whatif, trial);
    char *label = labels_name(&whatif->labels, is), *text;
    if (is == was)
        /* TRANSLATORS: what was removed, "P(tabby) 0.62 → 0.31", a label. */
        text = g_strdup_printf(_("Without %s: %s; the net still says %s."),
                               trial->removed, change, label);
    else
        /* TRANSLATORS: what was removed, "P(tabby) 0.62 → 0.31", a label, its
         * probability. */
        text = g_strdup_printf(
            _("Without %s: %s; now the net says %s, with a probability of %s."),
            trial->removed, change, label,
            text_probability(number, (double)trial->answer.probability[is]));
    g_free(label);
    g_free(change);
    return text;
}

const WhatifTrial *
whatif_told(const Whatif *whatif)
{
    const WhatifTrial *worst = &g_array_index(whatif->after, WhatifTrial, 0);
    for (guint i = 1; i < whatif->after->len; i++) {
        const WhatifTrial *one = &g_array_index(whatif->after, WhatifTrial, i);
        if (followed(whatif, &one->answer) < followed(whatif, &worst->answer))
            worst = one;
    }
    return worst;
}

static char *
sentence_of_many(const Whatif *whatif)
{
    const WhatifTrial *worst = whatif_told(whatif);
    char *change = whatif_change(whatif, worst),
         *what = text_of_label("P", whatif->label);
    char *text =
        followed(whatif, &worst->answer) < followed(whatif, &whatif->before)
            /* TRANSLATORS: number, name of a layer, "P(tabby) 0.62 → 0.31". */
            ? g_strdup_printf(
                  _("Of %d layers, switched off one after another, %s costs the most: %s."),
                  (int)whatif->after->len, worst->removed, change)
            /* TRANSLATORS: number, "P(tabby)". */
            : g_strdup_printf(
                  _("%d layers were switched off one after another; none of them lowers %s."),
                  (int)whatif->after->len, what);
    g_free(what);
    g_free(change);
    return text;
}

char *
whatif_sentence(const Whatif *whatif)
{
    return whatif->after->len == 1 ? sentence_of_one(whatif, whatif_told(whatif))
                                   : sentence_of_many(whatif);
}

/* --- the table --- */

static void
append_text(GString *line, const char *text)
{
    g_string_append_c(line, '"');
    for (; *text; text++) {
        if (*text == '"')
            g_string_append_c(line, '"');
        g_string_append_c(line, *text);
    }
    g_string_append_c(line, '"');
}

static void
append_number(GString *line, double value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_c(line, ',');
    g_string_append(line, g_ascii_formatd(number, sizeof number, "%.9g", value));
}

static void
append_answer(GString *line,
              const Whatif *whatif,
              const char *removed,
              const WhatifAnswer *answer)
{
    gsize top[WHATIF_TOP];
    gsize count = whatif_top(answer->probability, whatif->asker.classes, WHATIF_TOP, top);
    append_text(line, removed);
    append_number(line, followed(whatif, answer));
    append_number(line, (double)answer->score[whatif->class_index]);
    if (whatif->asker.watched.tensor)
        append_number(line, (double)answer->activity[whatif->map]);
    else
        g_string_append_c(line, ',');
    for (gsize i = 0; i < count; i++) {
        char *label = labels_name(&whatif->labels, top[i]);
        g_string_append_c(line, ',');
        append_text(line, label);
        append_number(line, (double)answer->probability[top[i]]);
        g_free(label);
    }
    g_string_append_c(line, '\n');
}

gboolean
whatif_save(const Whatif *whatif, const char *path, GError **error)
{
    GString *text = g_string_new("removed,probability,score,activity");
    gsize count = MIN(WHATIF_TOP, whatif->asker.classes);
    for (gsize i = 1; i <= count; i++)
        g_string_append_printf(text, ",label%zu,probability%zu", i, i);
    g_string_append_c(text, '\n');
    append_answer(text, whatif, "", &whatif->before);
    for (guint i = 0; i < whatif->after->len; i++) {
        const WhatifTrial *trial = &g_array_index(whatif->after, WhatifTrial, i);
        append_answer(text, whatif, trial->removed, &trial->answer);
    }
    gboolean ok = save_bytes(path, text->str, text->len, error);
    g_string_free(text, TRUE);
    return ok;
}
