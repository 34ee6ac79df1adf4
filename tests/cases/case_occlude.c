/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case_occlude.c: an occlusion task of a case: three maps, and the values without a
 * square. */
#include "cases/own.h"
#include <math.h>

static float *
fill_image(const Case *c)
{
    gsize n_fill = 0;
    g_autofree double *fill =
        g_key_file_get_double_list(c->ini, c->task, "fill", &n_fill, NULL);
    if (n_fill == 0 || c->n_input % n_fill != 0) {
        case_fail(c, "a fill of %zu channels does not fit the input", n_fill);
        return NULL;
    }
    float *image = g_new(float, c->n_input);
    gsize area = c->n_input / n_fill;
    for (gsize i = 0; i < c->n_input; i++)
        image[i] = (float)fill[c->nhwc ? i % n_fill : i / area];
    return image;
}

static gboolean
sizes_are_right(const Case *c, const DcnOcclusionMaps *maps)
{
    gint64 label = case_int_of(c, "label");
    g_autofree char *answer = g_key_file_get_string(c->ini, "case", "answer", NULL);
    if ((gint64)maps->rows != case_int_of(c, "rows") ||
        (gint64)maps->columns != case_int_of(c, "columns"))
        case_fail(c, "%zu rows, %zu columns: other numbers are expected", maps->rows,
                  maps->columns);
    else if ((gint64)maps->channel != case_int_of(c, "channel"))
        case_fail(c, "map %zu is followed: another is expected", maps->channel);
    else if (maps->classes == 0)
        case_fail(c, "the answer, %s, is not taken for a classifier's",
                  answer ? answer : "scores or probabilities");
    else if (label < 0 || (gsize)label >= maps->classes)
        case_fail(c, "the answer is taken to have %zu classes: none is %" G_GINT64_FORMAT,
                  maps->classes, label);
    else
        return TRUE;
    return FALSE;
}

static void
compare_maps(const Case *c, const DcnOcclusionMaps *maps)
{
    gsize cells = maps->rows * maps->columns, label = (gsize)case_int_of(c, "label");
    case_compare(c, "activity", "activity", maps->activity, cells, FALSE);
    g_autofree float *column = g_new(float, cells);
    for (gsize i = 0; i < cells; i++)
        column[i] = maps->probability[i * maps->classes + label];
    case_compare(c, "probability", "probability", column, cells, FALSE);
    for (gsize i = 0; i < cells; i++)
        column[i] = (float)maps->best[i];
    case_compare(c, "class", "class", column, cells, TRUE);
    double scale = 0, base = case_number_of(c, "base-activity"),
           expected = case_number_of(c, "base-probability");
    for (gsize i = 0; i < cells; i++)
        scale = fmax(scale, fabs((double)maps->activity[i]));
    double base_error = fabs((double)maps->base_activity - base) / scale;
    case_say(c, base_error <= c->rtol, "base activity", base_error);
    double p = (double)maps->base_probability[label];
    case_say(c,
             case_close_number(c, p, expected) &&
                 (gint64)maps->base_best == case_int_of(c, "base-class"),
             "base probability", fabs(p - expected) / expected);
}

void
case_run_occlude(const Case *c)
{
    DcnError error = {0};
    DcnInputLayout layout;
    DcnOcclusionMaps maps;
    if (!dcn_model_input_layout(c->model, &layout, &error)) {
        case_fail(c, "%s", error.text);
        return;
    }
    int batch = c->shape.rank == 4; /* the axis before the picture's */
    if (c->shape.rank != layout.rank || c->shape.rank < 3 || layout.nhwc != c->nhwc) {
        case_fail(c, "the input is not taken for a picture in %s",
                  c->nhwc ? "N x H x W x C" : "N x C x H x W");
        return;
    }
    g_autofree char *tensor = case_text_of(c, "tensor");
    g_autofree float *fill = fill_image(c);
    if (!fill)
        return;
    DcnOcclusion options = {
        .size = case_int_of(c, "size"),
        .step = case_int_of(c, "step"),
        .fill = fill,
        .layer = tensor,
        .channel = -1,
        .height = c->shape.dim[batch + (c->nhwc ? 0 : 1)],
        .width = c->shape.dim[batch + (c->nhwc ? 1 : 2)],
    };
    if (!dcn_occlude(c->model, c->report->context, &options, c->input, &maps, NULL,
                     &error)) {
        case_fail(c, "%s", error.text);
        return;
    }
    if (sizes_are_right(c, &maps))
        compare_maps(c, &maps);
    dcn_occlusion_maps_free(&maps);
}
