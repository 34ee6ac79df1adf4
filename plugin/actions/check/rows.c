/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rows.c: one photo, fed to a network in each of the common ways. */

#include "actions/check/check.h"
#include "base/fail.h"
#include "net/conventions.h"

static void
row_free(void *data)
{
    CheckRow *row = data;
    g_free(row->label);
    g_free(row->fed);
    g_clear_pointer(&row->answers, g_array_unref);
    g_free(row);
}

static CheckRow *
row_new(const Check *check, const char *nick, const char *label, DcnPreprocessing how)
{
    CheckRow *row = g_new0(CheckRow, 1);
    Card card = {.how = how};
    row->nick = nick;
    row->label = g_strdup(label);
    row->how = how;
    row->fed = card_feeding(&card, check->net->channels);
    return row;
}

/* --- which ways fit the network --- */

/* TRUE if the input is declared as integers. below: as bytes with a sign. */
static gboolean
takes_integers(const Net *net, gboolean *below)
{
    DcnType type = DCN_FLOAT;
    dcn_model_input(net->model, 0, &type, NULL);
    *below = type == DCN_INT8;
    return type != DCN_FLOAT && type != DCN_FLOAT16 && type != DCN_DOUBLE &&
           type != DCN_BFLOAT16;
}

/* All that fit the input, and the one in use first if it is none of them. */
static void
add_rows(Check *check)
{
    const Net *net = check->net;
    const DcnPreprocessing *now = &net->card.how;
    gboolean below, whole = takes_integers(net, &below), used = FALSE;
    check->rows = g_ptr_array_new_with_free_func(row_free);
    for (const Convention *one = conventions; one->nick; one++) {
        DcnPreprocessing how = one->how;
        if (one->channels != net->channels || (whole && !one->bytes))
            continue;
        for (int c = 0; c < 3 && below; c++)
            how.mean[c] += 128;
        how.linear = now->linear;
        gboolean same = !used && convention_same(&how, now, net->channels);
        CheckRow *row = row_new(check, one->nick, _(one->label), same ? *now : how);
        row->used = same;
        used = used || same;
        g_ptr_array_add(check->rows, row);
    }
    if (!used) {
        CheckRow *row = row_new(check, "other", _("As it is fed now"), *now);
        row->used = TRUE;
        g_ptr_array_insert(check->rows, 0, row);
    }
}

gboolean
check_open(Check *check, Net *net, int threads, GError **error)
{
    DcnClassifier classifier;
    *check = (Check){0};
    if (!net_classifier(net, &classifier, error))
        return FALSE;
    RunnerPart part = {
        .targets = {dcn_plan_name(net->survey, classifier.tensor)},
        .purpose = RUNNER_MANY,
        .threads = threads,
    };
    if (!runner_open(&check->runner, net, &part, error))
        return FALSE;
    check->net = net;
    check->classifier = classifier;
    check->input = g_try_new(float, net_input_count(net));
    check->probability = g_try_new(float, check->classifier.classes);
    if (!check->input || !check->probability) {
        check_close(check);
        return fail_run(error, _("There is not enough memory for the network's answer."));
    }
    check->labels = net_labels(net, check->classifier.classes);
    add_rows(check);
    return TRUE;
}

void
check_close(Check *check)
{
    runner_close(&check->runner);
    labels_clear(&check->labels);
    g_free(check->input);
    g_free(check->probability);
    g_clear_pointer(&check->rows, g_ptr_array_unref);
    *check = (Check){0};
}

gboolean
check_ask(Check *check,
          CheckRow *row,
          const float *rgb,
          const DcnProgress *progress,
          GError **error)
{
    const Net *net = check->net;
    dcn_input_from_rgb(&row->how, &net->layout, (size_t)net->height, (size_t)net->width,
                       rgb, check->input);
    runner_put(&check->runner, 0, check->input);
    if (!runner_run(&check->runner, progress, error))
        return FALSE;
    dcn_classifier_read(&check->classifier, runner_values(&check->runner, 0, 0), NULL,
                        check->probability);
    g_clear_pointer(&row->answers, g_array_unref);
    row->answers = answer_best(&check->labels, check->probability,
                               check->classifier.classes, CHECK_TOP);
    return TRUE;
}

const CheckRow *
check_find(const Check *check, const char *nick)
{
    for (guint i = 0; i < check->rows->len; i++) {
        const CheckRow *row = check->rows->pdata[i];
        if (g_str_equal(row->nick, nick))
            return row;
    }
    return NULL;
}

const CheckRow *
check_used(const Check *check)
{
    for (guint i = 0; i < check->rows->len; i++) {
        const CheckRow *row = check->rows->pdata[i];
        if (row->used)
            return row;
    }
    return NULL;
}
