/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model.c: the procedure that reports on a model's file, as plain text.
 *
 * It is what a person pastes into a report about a fault. So it tells as much as can be
 * said of a net that does not work, and nothing of the folders of this machine. */

#include "actions/model/report.h"
#include "base/procedure.h"
#include "net/picks.h"
#include "net/shipped.h"

static const Param params[] = {
    NET_MODEL(N_("ONNX file to report on; empty: the built-in model")),
    NET_THREADS(N_("Threa_ds")),
};

static const Result results[] = {
    {"report", RESULT_STRING, N_("The report, lines of plain text in UTF-8")},
};
enum { RESULT_REPORT };

static gboolean
run_model(const Run *run, GError **error)
{
    Report report;
    char *path = shipped_path(param_text(run->values, "model"));
    host_progress_start(_("About the model"));
    gboolean ok = report_open(&report, path, error);
    if (ok) {
        char *title = g_strdup_printf(_("Featurescope %s in %s: about the model"),
                                      FEATURESCOPE_VERSION, host_name());
        report_title(&report, title);
        report_file(&report);
        report_picture(&report);
        report_layers(&report);
        report_time(&report, param_int(run->values, "threads"));
        run->results[RESULT_REPORT].text = report_finish(&report);
        g_free(title);
    }
    report_close(&report);
    host_progress_end();
    g_free(path);
    return ok;
}

static const char *
text(const ResultValue *values)
{
    return values[RESULT_REPORT].text;
}

const Procedure procedure_model = {
    .name = "plug-in-featurescope-model",
    .menu = N_("_About the Model..."),
    .path = PROCEDURE_NETWORK,
    .title = N_("About the Model"),
    .blurb = N_("Reports on a model: what it is, how it is fed, what works"),
    .help =
        N_("Reports on a model file as plain text: which program wrote it, its input and "
           "how pictures are prepared for it and why, its answer and labels, its layers, "
           "how projections go back through its operators, what is unsupported, memory "
           "and time of a run here, and the file's SHA-256. A model that cannot be used "
           "is reported on too. The image stays as it is."),
    .icon = "featurescope-model",
    .params = params,
    .n_params = G_N_ELEMENTS(params),
    .results = results,
    .n_results = G_N_ELEMENTS(results),
    .run = run_model,
    .text = text,
};
