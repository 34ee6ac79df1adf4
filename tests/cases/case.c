/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case.c: runs folders of reference results, of every kind.
 *
 *     case PATH...
 *
 * A folder with case.ini is a case of ours (tests/data/README.md has its definition); one
 * with model.onnx and test_data_set_0 is an ONNX backend test, judged by that suite's
 * tolerance (rtol 1e-3, atol 1e-7, integers exactly); any other folder is searched one
 * level down, and anything else in it is passed over. Prints a line a check with its
 * largest error or why it failed, and last "N passed, N failed, N skipped". What a
 * folder's not-yet.txt lists may fail (not_yet.h). */
#include "cases/case.h"
#include "cases/not_yet.h"
#include <stdio.h>

void
case_report(Report *report,
            Verdict verdict,
            const char *folder,
            const char *check,
            const char *text)
{
    static const char *const words[] = {"ok", "FAILED", "skipped"};
    g_autofree char *name = g_path_get_basename(folder);
    const char *word = words[verdict];
    if (not_yet_excuses(report->not_yet, name, check, verdict == FAILED)) {
        verdict = SKIPPED;
        word = "not yet";
    }
    printf("%-7s %s %s  %s\n", word, name, check,
           *text ? text : "failed, and the core gave no reason");
    report->counts[verdict]++;
}

static gboolean
has(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static gboolean
run_folder(Report *report, const char *folder)
{
    if (has(folder, "case.ini"))
        case_run_own(report, folder);
    else if (has(folder, "model.onnx") && has(folder, "test_data_set_0"))
        case_run_backend(report, folder);
    else
        return FALSE;
    return TRUE;
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
close_list(Report *report, gboolean all)
{
    report->counts[FAILED] += not_yet_close(report->not_yet, all);
    not_yet_free(report->not_yet);
    report->not_yet = NULL;
}

static void
run_inside(Report *report, const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    if (!dir)
        return;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(dir));)
        g_ptr_array_add(names, g_build_filename(folder, name, NULL));
    g_dir_close(dir);
    g_ptr_array_sort(names, compare_names);
    report->not_yet = not_yet_read(folder);
    for (guint i = 0; i < names->len; i++)
        run_folder(report, names->pdata[i]);
    close_list(report, TRUE);
}

/* A case that is named by itself is excused by the list of the folder that it lies in. */
static gboolean
run_alone(Report *report, const char *folder)
{
    g_autofree char *path = g_canonicalize_filename(folder, NULL);
    g_autofree char *parent = g_path_get_dirname(path);
    report->not_yet = not_yet_read(parent);
    gboolean ran = run_folder(report, path);
    close_list(report, FALSE);
    return ran;
}

int
main(int argc, char **argv)
{
    Report report = {0};
    DcnError error = {0};
    report.context = dcn_context_new(2, &error);
    if (!report.context) {
        fprintf(stderr, "%s\n", error.text);
        return 2;
    }
    for (int i = 1; i < argc; i++)
        if (!run_alone(&report, argv[i]))
            run_inside(&report, argv[i]);
    dcn_context_free(report.context);
    printf("%d passed, %d failed, %d skipped\n", report.counts[PASSED],
           report.counts[FAILED], report.counts[SKIPPED]);
    return report.counts[FAILED] > 0 ||
           report.counts[PASSED] + report.counts[SKIPPED] == 0;
}
