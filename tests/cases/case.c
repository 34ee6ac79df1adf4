/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case.c: runs folders of reference results, of every kind.
 *
 *     case PATH...
 *
 * A folder with case.ini is a case of ours (../shared/cases/README.md has its
 * definition); one with model.onnx and test_data_set_0 is an ONNX backend test, judged by
 * that suite's tolerance (rtol 1e-3, atol 1e-7, integers exactly); any other folder is
 * searched one level down, and what is none of these is passed over. Prints a line a
 * check with its largest error, and last "N passed, N failed, N skipped". */
#include "cases/case.h"
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
    printf("%-7s %s %s  %s\n", words[verdict], name, check, text);
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
    for (guint i = 0; i < names->len; i++)
        run_folder(report, names->pdata[i]);
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
        if (!run_folder(&report, argv[i]))
            run_inside(&report, argv[i]);
    dcn_context_free(report.context);
    printf("%d passed, %d failed, %d skipped\n", report.counts[PASSED],
           report.counts[FAILED], report.counts[SKIPPED]);
    return report.counts[FAILED] > 0 ||
           report.counts[PASSED] + report.counts[SKIPPED] == 0;
}
