/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compare.c: how alike the changes of all pictures are. */

#include "actions/correspondence/correspondence.h"
#include "base/fail.h"
#include <math.h>

double
correspondence_hamming(const gint8 *a, const gint8 *b, gsize count)
{
    gsize differ = 0;
    for (gsize i = 0; i < count; i++)
        differ += a[i] != b[i];
    return count ? (double)differ / (double)count : 0;
}

/* The distances of all pairs of pictures in a row. */
static void
compare_row(const Correspondence *all, gsize layer, gsize row, double *distances)
{
    gsize count = all->count[layer], rows = all->n_parts + all->draws;
    const gint8 *signs = all->signs[layer] + row * count;
    for (gsize i = 0; i < all->n_subjects; i++)
        for (gsize j = i + 1; j < all->n_subjects; j++)
            *distances++ = correspondence_hamming(signs + i * rows * count,
                                                  signs + j * rows * count, count);
}

/* Mean, and deviation as of a sample. */
static Agreement
agree(const double *distances, gsize count)
{
    double sum = 0, square = 0;
    for (gsize i = 0; i < count; i++)
        sum += distances[i];
    double mean = count ? sum / (double)count : NAN;
    for (gsize i = 0; i < count; i++)
        square += (distances[i] - mean) * (distances[i] - mean);
    return (Agreement){.mean = mean,
                       .deviation = count > 1 ? sqrt(square / (double)(count - 1)) : NAN};
}

static void
compare_layer(Correspondence *all, gsize layer)
{
    gsize n = all->n_pairs;
    double *distances = all->distances[layer], *drawn = distances + all->n_parts * n;
    Agreement *agreement = all->agreement[layer];
    for (gsize row = 0; row < all->n_parts + all->draws; row++)
        compare_row(all, layer, row, distances + row * n);
    agreement[all->n_parts] = agree(drawn, all->draws * n);
    for (gsize part = 0; part < all->n_parts; part++) {
        agreement[part] = agree(distances + part * n, n);
        for (gsize d = 0; d < all->draws; d++)
            if (agree(drawn + d * n, n).mean < agreement[part].mean)
                agreement[part].below++;
    }
}

gboolean
correspondence_compare(Correspondence *all, GError **error)
{
    gsize n = all->n_subjects, rows = all->n_parts + all->draws;
    host_progress_text(_("Comparing pairs of pictures"));
    all->n_pairs = n * (n - 1) / 2;
    for (gsize k = 0; k < all->layers.count; k++) {
        all->distances[k] = g_try_new(double, rows * all->n_pairs);
        if (!all->distances[k])
            return fail_run(error, _("There is not enough memory for the result."));
        compare_layer(all, k);
    }
    return TRUE;
}

const char *
correspondence_row(const Correspondence *all, gsize row)
{
    if (row == all->n_parts)
        return _("Random");
    return *all->parts[row] ? all->parts[row] : _("Marked part");
}
