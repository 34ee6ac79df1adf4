/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case_own.c: one case of ours: forward, strongest, project and occlude tasks of a
 * case.ini.
 *
 * A result r meets the expected tensor e when max |r - e| <= rtol * max |e|; channels,
 * positions and classes must be exact. */
#include "cases/case.h"
#include "cases/tensor_file.h"
#include <math.h>

typedef struct {
    Report *report;
    const char *folder;
    GKeyFile *ini;
    DcnModel *model;
    float *input;
    gsize n_input;
    const char *task;
    double rtol;
} Case;

/* --- small helpers --- */

static void
say(const Case *c, gboolean good, const char *what, double error)
{
    g_autofree char *check = g_strdup_printf("%s %s", c->task, what);
    g_autofree char *text = g_strdup_printf("largest error %.2g of %.2g", error, c->rtol);
    case_report(c->report, good ? PASSED : FAILED, c->folder, check, text);
}

static void
fail(const Case *c, const char *text)
{
    case_report(c->report, FAILED, c->folder, c->task, text);
}

static char *
text_of(const Case *c, const char *key)
{
    return g_key_file_get_string(c->ini, c->task, key, NULL);
}

static gint64
int_of(const Case *c, const char *key)
{
    return g_key_file_get_int64(c->ini, c->task, key, NULL);
}

static double
number_of(const Case *c, const char *key)
{
    return g_key_file_get_double(c->ini, c->task, key, NULL);
}

static float *
expected_floats(const Case *c, const char *key, gsize *count)
{
    g_autofree char *name = text_of(c, key);
    g_autofree char *path = g_build_filename(c->folder, name, NULL);
    TensorFile file = {0};
    if (!name || !tensor_file_read(path, &file, NULL))
        return NULL;
    float *floats = tensor_file_floats(&file, count);
    tensor_file_clear(&file);
    return floats;
}

/* Compares on the scale of the expected tensor's largest value. */
static void
compare(const Case *c,
        const char *what,
        const char *key,
        const float *got,
        gsize n_got,
        gboolean exact)
{
    gsize count;
    g_autofree float *e = expected_floats(c, key, &count);
    if (!e || count != n_got) {
        fail(c, e ? "another number of elements than expected" : "no expected tensor");
        return;
    }
    double worst = 0, scale = 0;
    for (gsize i = 0; i < count; i++) {
        double error = fabs((double)got[i] - (double)e[i]);
        worst = error > worst || isnan(error) ? error : worst;
        scale = fmax(scale, fabs((double)e[i]));
    }
    double relative = scale > 0 ? worst / scale : worst;
    say(c, exact ? worst == 0 : relative <= c->rtol, what, relative);
}

static gboolean
close_number(const Case *c, double got, double expected)
{
    return fabs(got - expected) <= c->rtol * fabs(expected);
}

/* A plan and a session that have run the case's input. */
typedef struct {
    DcnPlan *plan;
    DcnSession *session;
    int tensor;
} Ran;

static gboolean
run_net(const Case *c, gboolean backward, Ran *ran)
{
    DcnError error = {0};
    g_autofree char *tensor = text_of(c, "tensor");
    const char *targets[] = {tensor};
    DcnPlanOptions options = {.targets = targets,
                              .n_targets = 1,
                              .purpose = backward ? DCN_FOR_PROJECTION : DCN_FOR_RUNS};
    *ran = (Ran){0};
    ran->plan = dcn_plan_new(c->model, &options, &error);
    ran->session =
        ran->plan ? dcn_session_new(ran->plan, c->report->context, &error) : NULL;
    if (ran->session) {
        ran->tensor = dcn_plan_find(ran->plan, tensor, &error);
        size_t count =
            dcn_shape_count(dcn_plan_shape(ran->plan, dcn_plan_input(ran->plan, 0)));
        if (ran->tensor >= 0 && count == c->n_input) {
            memcpy(dcn_session_input(ran->session, 0), c->input, count * sizeof(float));
            if (dcn_forward(ran->session, NULL, &error))
                return TRUE;
        }
    }
    fail(c, error.text);
    dcn_session_free(ran->session);
    dcn_plan_free(ran->plan);
    return FALSE;
}

static void
ran_clear(Ran *ran)
{
    dcn_session_free(ran->session);
    dcn_plan_free(ran->plan);
}

/* --- tasks --- */

static void
run_forward(const Case *c)
{
    Ran ran;
    if (!run_net(c, FALSE, &ran))
        return;
    compare(c, "values", "expected", dcn_session_tensor(ran.session, ran.tensor),
            dcn_shape_count(dcn_plan_shape(ran.plan, ran.tensor)), FALSE);
    ran_clear(&ran);
}

static void
run_strongest(const Case *c)
{
    Ran ran;
    if (!run_net(c, FALSE, &ran))
        return;
    DcnUnit unit = {0};
    dcn_strongest(ran.session, ran.tensor, 0, 1, &unit);
    gboolean place = (gint64)unit.channel == int_of(c, "channel") &&
                     (gint64)unit.y == int_of(c, "y") && (gint64)unit.x == int_of(c, "x");
    double e = number_of(c, "activation");
    say(c, place && close_number(c, (double)unit.value, e), "unit",
        fabs((double)unit.value - e) / fabs(e));
    ran_clear(&ran);
}

static void
run_project(const Case *c)
{
    Ran ran;
    if (!run_net(c, TRUE, &ran))
        return;
    g_autofree char *method_name = text_of(c, "method");
    g_autofree char *seed_name = text_of(c, "seed");
    DcnMethod method = g_str_equal(method_name, "deconvnet") ? DCN_DECONVNET
                       : g_str_equal(method_name, "guided")  ? DCN_GUIDED
                                                             : DCN_GRADIENT;
    DcnSeed seed = {.tensor = ran.tensor,
                    .whole_map = g_str_has_suffix(seed_name, "map")};
    gboolean found = TRUE;
    if (g_str_has_prefix(seed_name, "strongest")) {
        dcn_strongest(ran.session, ran.tensor, 0, 1, &seed.unit);
        found = (gint64)seed.unit.channel == int_of(c, "channel");
        if (!seed.whole_map)
            found &= (gint64)seed.unit.y == int_of(c, "y") &&
                     (gint64)seed.unit.x == int_of(c, "x");
    } else {
        seed.unit.channel = (size_t)int_of(c, "channel");
        seed.unit.y = (size_t)int_of(c, "y");
        seed.unit.x = (size_t)int_of(c, "x");
    }
    DcnError error = {0};
    g_autofree float *signal = g_new0(float, c->n_input);
    if (!found)
        fail(c, "another unit is the strongest");
    else if (!dcn_project(ran.session, &seed, method, signal, NULL, &error))
        fail(c, error.text);
    else
        compare(c, method_name, "expected", signal, c->n_input, FALSE);
    ran_clear(&ran);
}

static float *
fill_image(const Case *c, const DcnInputLayout *layout)
{
    gsize n_fill = 0;
    g_autofree double *fill =
        g_key_file_get_double_list(c->ini, c->task, "fill", &n_fill, NULL);
    float *image = g_new(float, c->n_input);
    gsize area = c->n_input / n_fill;
    for (gsize i = 0; i < c->n_input; i++)
        image[i] = (float)fill[layout->nhwc ? i % n_fill : i / area];
    return image;
}

static void
run_occlude(const Case *c)
{
    DcnError error = {0};
    DcnInputLayout layout;
    DcnOcclusionMaps maps;
    if (!dcn_model_input_layout(c->model, &layout, &error)) {
        fail(c, error.text);
        return;
    }
    g_autofree char *tensor = text_of(c, "tensor");
    g_autofree float *fill = fill_image(c, &layout);
    DcnOcclusion options = {
        .size = int_of(c, "size"),
        .step = int_of(c, "step"),
        .fill = fill,
        .layer = tensor,
        .channel = -1,
    };
    if (!dcn_occlude(c->model, c->report->context, &options, c->input, &maps, NULL,
                     &error)) {
        fail(c, error.text);
        return;
    }
    gsize cells = maps.rows * maps.columns, label = (gsize)int_of(c, "label");
    gboolean sizes = (gint64)maps.rows == int_of(c, "rows") &&
                     (gint64)maps.columns == int_of(c, "columns") &&
                     (gint64)maps.channel == int_of(c, "channel") && label < maps.classes;
    if (!sizes) {
        fail(c, "rows, columns or channel are not as expected");
        dcn_occlusion_maps_free(&maps);
        return;
    }
    compare(c, "activity", "activity", maps.activity, cells, FALSE);
    g_autofree float *column = g_new(float, cells);
    for (gsize i = 0; i < cells; i++)
        column[i] = maps.probability[i * maps.classes + label];
    compare(c, "probability", "probability", column, cells, FALSE);
    for (gsize i = 0; i < cells; i++)
        column[i] = (float)maps.best[i];
    compare(c, "class", "class", column, cells, TRUE);
    double scale = 0, base = number_of(c, "base-activity"),
           p = number_of(c, "base-probability");
    for (gsize i = 0; i < cells; i++)
        scale = fmax(scale, fabs((double)maps.activity[i]));
    double base_error = fabs((double)maps.base_activity - base) / scale;
    say(c, base_error <= c->rtol, "base activity", base_error);
    say(c,
        close_number(c, (double)maps.base_probability[label], p) &&
            (gint64)maps.base_best == int_of(c, "base-class"),
        "base probability", fabs((double)maps.base_probability[label] - p) / p);
    dcn_occlusion_maps_free(&maps);
}

static void
run_task(Case *c)
{
    static const struct {
        const char *kind;
        void (*run)(const Case *c);
    } kinds[] = {{"forward", run_forward},
                 {"strongest", run_strongest},
                 {"project", run_project},
                 {"occlude", run_occlude}};
    g_autofree char *kind = text_of(c, "kind");
    c->rtol = number_of(c, "rtol");
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_strcmp0(kind, kinds[i].kind) == 0) {
            kinds[i].run(c);
            return;
        }
    fail(c, "a task of an unknown kind");
}

void
case_run_own(Report *report, const char *folder)
{
    Case c = {
        .report = report, .folder = folder, .ini = g_key_file_new(), .task = "case"};
    g_autofree char *path = g_build_filename(folder, "case.ini", NULL);
    g_autoptr(GError) problem = NULL;
    DcnError error = {0};
    TensorFile input = {0};
    g_auto(GStrv) tasks = NULL;
    if (!g_key_file_load_from_file(c.ini, path, G_KEY_FILE_NONE, &problem)) {
        fail(&c, problem->message);
        g_key_file_unref(c.ini);
        return;
    }
    if (g_key_file_has_key(c.ini, "case", "loss", NULL)) {
        case_run_training(report, folder, c.ini);
        g_key_file_unref(c.ini);
        return;
    }
    g_autofree char *model = text_of(&c, "model");
    g_autofree char *model_path = g_build_filename(folder, model, NULL);
    g_autofree char *input_name = text_of(&c, "input-file");
    g_autofree char *input_path = g_build_filename(folder, input_name, NULL);
    tasks = g_key_file_get_string_list(c.ini, "case", "tasks", NULL, NULL);
    c.model = dcn_model_open(model_path, &error);
    if (!c.model)
        fail(&c, error.text);
    else if (!tensor_file_read(input_path, &input, &problem))
        fail(&c, problem->message);
    else if (!tasks)
        fail(&c, "no tasks");
    else {
        c.input = tensor_file_floats(&input, &c.n_input);
        for (char **task = tasks; *task; task++) {
            c.task = *task;
            run_task(&c);
        }
    }
    g_free(c.input);
    tensor_file_clear(&input);
    dcn_model_free(c.model);
    g_key_file_unref(c.ini);
}
