/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.c: prints the lines of a training and writes its CSV file. */

#include "run/report.h"
#include "base/fail.h"
#include "base/save.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SECONDS_ON_TERMINAL 1
#define SECONDS_IN_LOG 300

/* A share of pictures as the CSV and the line have it. */
static double
overall(const Figures *figures, gboolean several)
{
    return several ? figures->precision : figures->accuracy;
}

void
report_head(const Report *report, gboolean validation)
{
    /* TRANSLATORS: a line over columns of figures; not translated where it would not
     * fit. */
    g_print("%s", _("epoch  rate      loss  "));
    g_print("%s", report->several ? _("  training") : _("  training, by class"));
    if (validation)
        g_print("%s", report->several ? _("  validation") : _("  validation, by class"));
    g_print("%s\n", _("  images/s  left"));
}

static void
print_left(double seconds)
{
    int minutes = (int)(seconds / 60 + 0.5);
    g_print("  %d:%02d\n", minutes / 60, minutes % 60);
}

void
report_epoch(const Report *report)
{
    const Figures *v = report->validation;
    g_print("%5d  %-8.3g  %-6.4f", (int)report->epoch, report->rate, report->loss);
    if (report->several) {
        g_print("  %6.2f %%", 100 * report->train.precision);
        if (v)
            g_print("  %6.2f %%", 100 * v->precision);
    } else {
        g_print("  %6.2f %%  %6.2f %%", 100 * report->train.accuracy,
                100 * report->train.mean_class);
        if (v)
            g_print("  %6.2f %%   %6.2f %%", 100 * v->accuracy, 100 * v->mean_class);
    }
    g_print("  %.1f", report->images_a_second);
    print_left(report->seconds_left);
    fflush(stdout);
}

void
report_progress(const char *text)
{
    /* On a terminal the next line takes the place of this one. */
    if (isatty(STDERR_FILENO))
        g_printerr("\r%s\033[K\r", text);
    else
        g_printerr("%s\n", text);
}

void
report_step(gsize epoch, gsize done, gsize all, double loss, double seconds)
{
    static double last;
    double wait = isatty(STDERR_FILENO) ? SECONDS_ON_TERMINAL : SECONDS_IN_LOG;
    if (done <= 1)
        last = 0;
    if (seconds - last < wait)
        return;
    last = seconds;
    char *text = g_strdup_printf(_("epoch %d: batch %d of %d, loss %.3f, %.0f s"),
                                 (int)epoch, (int)done, (int)all, loss, seconds);
    report_progress(text);
    g_free(text);
}

/* --- CSV --- */

static const char head[] =
    "epoch,rate,loss,train,train_by_class,validation,validation_by_class,images_a_second,seconds\n";

gboolean
report_csv_keep(const char *path, gsize epochs, GError **error)
{
    char *text = NULL;
    GString *kept = g_string_new(head);
    if (epochs > 0 && g_file_get_contents(path, &text, NULL, NULL)) {
        char **lines = g_strsplit(text, "\n", -1);
        for (char **line = lines[0] ? lines + 1 : lines; *line; line++) {
            guint64 epoch = g_ascii_strtoull(*line, NULL, 10);
            if (epoch >= 1 && epoch <= epochs)
                g_string_append_printf(kept, "%s\n", *line);
        }
        g_strfreev(lines);
    }
    gboolean ok = save_bytes(path, kept->str, kept->len, error);
    g_string_free(kept, TRUE);
    g_free(text);
    return ok;
}

static void
add_number(GString *row, double number, const char *format)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(row, ",%s",
                           g_ascii_formatd(text, sizeof text, format, number));
}

gboolean
report_csv_add(const char *path, const Report *report, GError **error)
{
    const Figures *v = report->validation;
    GString *row = g_string_new(NULL);
    g_string_printf(row, "%" G_GSIZE_FORMAT, report->epoch);
    add_number(row, report->rate, "%.6g");
    add_number(row, report->loss, "%.6g");
    add_number(row, overall(&report->train, report->several), "%.5f");
    add_number(row, report->train.mean_class, "%.5f");
    if (v) {
        add_number(row, overall(v, report->several), "%.5f");
        add_number(row, v->mean_class, "%.5f");
    } else {
        g_string_append(row, ",,");
    }
    add_number(row, report->images_a_second, "%.1f");
    add_number(row, report->seconds, "%.1f");
    g_string_append_c(row, '\n');

    /* All of it anew: of a row that is added to a full disk a part would stay. */
    char *before = NULL;
    if (g_file_get_contents(path, &before, NULL, NULL))
        g_string_prepend(row, before);
    gboolean ok = save_bytes(path, row->str, row->len, error);
    g_free(before);
    g_string_free(row, TRUE);
    return ok;
}

char *
report_figures(const Figures *figures, gboolean several, gboolean translated)
{
    static const char of_several[] = N_("mean average precision %.2f %% of %d pictures");
    static const char of_one[] =
        N_("%.2f %% of %d pictures, %.2f %% as the mean of classes");
    const char *text = several ? of_several : of_one;
    text = translated ? _(text) : text;
    return several ? g_strdup_printf(text, 100 * figures->precision, (int)figures->count)
                   : g_strdup_printf(text, 100 * figures->accuracy, (int)figures->count,
                                     100 * figures->mean_class);
}
