/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.c: opens what can be opened of a model, and writes tables as plain text. */

#include "actions/model/report.h"
#include "base/fail.h"
#include "base/text.h"
#include "host.h"
#include <stdarg.h>
#include <string.h>

/* A cell of a file's own words is cut here, a line is broken there. */
#define LONGEST_CELL 600
#define LINE 100

/* --- what is known --- */

/* A model that has no way to be shown pictures may still be planned. */
static void
open_without_net(Report *report)
{
    report->model = report->own_model = dcn_model_open(report->path, NULL);
    if (!report->model)
        return;
    DcnPlanOptions options = {.purpose = DCN_FOR_SURVEYS,
                              .passes_off = DCN_PASS_ALL & ~DCN_PASS_MEMORY};
    report->survey = report->own_survey =
        dcn_plan_new(report->model, &options, &report->no_plan);
}

gboolean
report_open(Report *report, const char *path, GError **error)
{
    DcnError core = {0};
    *report = (Report){.path = path};
    report->outline = dcn_outline_open(path, &core);
    if (!report->outline)
        return fail_core(error, &core);
    report->text = g_string_new(NULL);
    report->rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    report->net = net_open(path, &report->problem);
    if (report->net) {
        report->model = report->net->model;
        report->survey = net_survey(report->net, &report->problem);
    } else {
        open_without_net(report);
    }
    return TRUE;
}

void
report_close(Report *report)
{
    dcn_plan_free(report->own_survey);
    dcn_model_free(report->own_model);
    dcn_outline_free(report->outline);
    g_clear_error(&report->problem);
    if (report->text)
        g_string_free(report->text, TRUE);
    if (report->rows)
        g_ptr_array_unref(report->rows);
    *report = (Report){0};
}

/* --- cells --- */

/* UTF-8 on one line, of a length that a person can read. */
static char *
cleaned(const char *text)
{
    char *valid = g_utf8_make_valid(text, -1);
    GString *cell = g_string_new(NULL);
    glong count = 0;
    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (count++ == LONGEST_CELL) {
            g_string_append(cell, "…");
            break;
        }
        g_string_append_unichar(cell, g_unichar_isprint(c) ? c : ' ');
    }
    g_free(valid);
    return g_strchomp(g_string_free(g_steal_pointer(&cell), FALSE));
}

/* Columns of a monospaced font: Chinese letters take two. */
static int
columns(const char *text, gsize bytes)
{
    int count = 0;
    for (const char *at = text; at < text + bytes; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        count += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
    }
    return count;
}

static void
pad(GString *text, int count)
{
    for (int i = 0; i < count; i++)
        g_string_append_c(text, ' ');
}

/* Breaks a long text at spaces; further lines begin under its first letter. */
static void
append_broken(GString *text, const char *cell, int indent)
{
    int at = indent;
    char **words = g_strsplit(cell, " ", -1);
    for (gsize i = 0; words[i]; i++) {
        int wide = columns(words[i], strlen(words[i]));
        if (i > 0 && at + 1 + wide > LINE && wide > 0) {
            g_string_append_c(text, '\n');
            pad(text, indent);
            at = indent;
        } else if (i > 0) {
            g_string_append_c(text, ' ');
            at++;
        }
        g_string_append(text, words[i]);
        at += wide;
    }
    g_strfreev(words);
}

/* --- tables --- */

#define MOST_COLUMNS 4

static void
write_row(GString *text, char **cells, const int width[MOST_COLUMNS])
{
    int indent = 2;
    pad(text, indent);
    for (gsize c = 0; cells[c]; c++) {
        if (!cells[c + 1]) {
            append_broken(text, cells[c], indent);
            continue;
        }
        int wide = columns(cells[c], strlen(cells[c]));
        g_string_append(text, cells[c]);
        pad(text, width[c] - wide + 2);
        indent += width[c] + 2;
    }
    g_string_append_c(text, '\n');
}

static void
finish_table(Report *report)
{
    int width[MOST_COLUMNS] = {0};
    for (guint i = 0; i < report->rows->len; i++) {
        char **cells = g_ptr_array_index(report->rows, i);
        for (gsize c = 0; cells[c] && cells[c + 1]; c++)
            width[c] = MAX(width[c], columns(cells[c], strlen(cells[c])));
    }
    for (guint i = 0; i < report->rows->len; i++)
        write_row(report->text, g_ptr_array_index(report->rows, i), width);
    g_ptr_array_set_size(report->rows, 0);
}

void
report_title(Report *report, const char *title)
{
    finish_table(report);
    g_string_append_printf(report->text, "%s%s\n", report->text->len ? "\n" : "", title);
}

void
report_row(Report *report, const char *first, ...)
{
    char **cells = g_new0(char *, MOST_COLUMNS + 1);
    gsize count = 0;
    va_list args;
    va_start(args, first);
    for (const char *cell = first; cell && count < MOST_COLUMNS;
         cell = va_arg(args, const char *))
        cells[count++] = cleaned(cell);
    va_end(args);
    g_ptr_array_add(report->rows, cells);
}

void
report_say(Report *report, const char *label, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = g_strdup_vprintf(format, args);
    va_end(args);
    report_row(report, label, text, NULL);
    g_free(text);
}

/* Replaces a folder of this machine wherever it stands. Takes the folder. */
static void
hide(GString *text, char *folder, const char *by)
{
    char *inside = g_str_has_suffix(folder, "/") ? NULL : g_strconcat(folder, "/", NULL);
    if (inside)
        g_string_replace(text, inside, by, 0);
    g_free(inside);
    g_free(folder);
}

char *
report_finish(Report *report)
{
    finish_table(report);
    char *full = g_canonicalize_filename(report->path, NULL);
    hide(report->text, g_path_get_dirname(full), "");
    hide(report->text, host_data_folder(), "");
    hide(report->text, g_strdup(g_get_home_dir()), "~/");
    g_free(full);
    return g_string_free(g_steal_pointer(&report->text), FALSE);
}

/* --- numbers --- */

char *
report_bytes(guint64 bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    double value = (double)bytes;
    gsize unit = 0;
    char number[TEXT_NUMBER];
    for (; value >= 999.5 && unit + 1 < G_N_ELEMENTS(units); unit++)
        value /= 1000;
    return g_strdup_printf(
        "%s %s", unit ? text_number(number, value) : text_short_number(number, value),
        units[unit]);
}

char *
report_count(guint64 count)
{
    char digits[32];
    g_snprintf(digits, sizeof digits, "%" G_GUINT64_FORMAT, count);
    gsize length = strlen(digits);
    GString *text = g_string_new(NULL);
    for (gsize i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            g_string_append_c(text, ',');
        g_string_append_c(text, digits[i]);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}
