/* SPDX-License-Identifier: GPL-3.0-or-later */
/* measure.c: counts right answers and computes average precision. */

#include "run/measure.h"

typedef struct {
    float score;
    gboolean shown;
} Answer;

struct Measure {
    gsize classes, count;
    gsize *right, *all; /* classes */
    GArray **answers;   /* classes of Answer; NULL if pictures show one class */
};

Measure *
measure_new(gsize classes, gboolean several)
{
    Measure *measure = g_new0(Measure, 1);
    measure->classes = classes;
    measure->right = g_new0(gsize, classes);
    measure->all = g_new0(gsize, classes);
    if (several) {
        measure->answers = g_new(GArray *, classes);
        for (gsize k = 0; k < classes; k++)
            measure->answers[k] = g_array_new(FALSE, FALSE, sizeof(Answer));
    }
    return measure;
}

void
measure_free(Measure *measure)
{
    if (!measure)
        return;
    for (gsize k = 0; measure->answers && k < measure->classes; k++)
        g_array_unref(measure->answers[k]);
    g_free(measure->answers);
    g_free(measure->right);
    g_free(measure->all);
    g_free(measure);
}

static gboolean
shows(const Item *item, gsize class)
{
    for (gsize i = 0; i < item->n_shown; i++)
        if (item->shown[i] == class)
            return TRUE;
    return FALSE;
}

void
measure_add(Measure *measure, const Item *item, const float *scores)
{
    gsize best = 0;
    for (gsize k = 1; k < measure->classes; k++)
        if (scores[k] > scores[best])
            best = k;
    measure->count++;
    if (!measure->answers) {
        measure->all[item->shown[0]]++;
        measure->right[item->shown[0]] += best == item->shown[0];
        return;
    }
    for (gsize k = 0; k < measure->classes; k++) {
        Answer answer = {scores[k], shows(item, k)};
        g_array_append_val(measure->answers[k], answer);
        measure->all[k] += answer.shown;
    }
}

static gint
compare_answers(gconstpointer a, gconstpointer b)
{
    const Answer *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->shown - y->shown; /* among equal scores the wrong ones come first, so that
                                   ties gain nothing */
}

/* The area under precision over recall, precision made falling from the right, as the
 * PASCAL VOC challenge has it since 2010. */
static double
average_precision(const GArray *answers, gsize shown)
{
    GArray *sorted = g_array_copy((GArray *)(gpointer)answers);
    g_array_sort(sorted, compare_answers);
    double *precision = g_new(double, shown);
    gsize found = 0;
    for (gsize i = 0; i < sorted->len; i++)
        if (g_array_index(sorted, Answer, i).shown) {
            precision[found] = (double)(found + 1) / (double)(i + 1);
            found++;
        }
    double sum = 0, best = 0;
    for (gsize i = found; i-- > 0;) {
        best = MAX(best, precision[i]);
        sum += best;
    }
    g_free(precision);
    g_array_unref(sorted);
    return sum / (double)shown;
}

Figures
measure_tell(const Measure *measure)
{
    Figures figures = {.count = measure->count};
    gsize right = 0, present = 0;
    for (gsize k = 0; k < measure->classes; k++) {
        if (measure->all[k] == 0)
            continue;
        present++;
        right += measure->right[k];
        figures.mean_class += (double)measure->right[k] / (double)measure->all[k];
        if (measure->answers)
            figures.precision += average_precision(measure->answers[k], measure->all[k]);
    }
    figures.mean_class /= (double)MAX(present, 1);
    figures.precision /= (double)MAX(present, 1);
    figures.accuracy = (double)right / (double)MAX(measure->count, 1);
    return figures;
}
