/* SPDX-License-Identifier: GPL-3.0-or-later */
/* case_own.c: one case of ours: forward, strongest, project and occlude tasks of a
 * case.ini. tests/data/README.md defines keys, tasks and tolerances.
 *
 * The net is planned at the shape that the file of its input has, whatever the model says
 * or leaves open, and the numbers of that file are fed as floats, whatever their type. */
#include "base/tensor.h"
#include "cases/own.h"
#include "cases/tensor_file.h"
#include <math.h>

/* --- small helpers --- */

void
case_say(const Case *c, gboolean good, const char *what, double error)
{
    g_autofree char *check = g_strdup_printf("%s %s", c->task, what);
    g_autofree char *text = g_strdup_printf("largest error %.2g of %.2g", error, c->rtol);
    case_report(c->report, good ? PASSED : FAILED, c->folder, check, text);
}

void
case_fail(const Case *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    case_report(c->report, FAILED, c->folder, c->task, text);
}

char *
case_text_of(const Case *c, const char *key)
{
    return g_key_file_get_string(c->ini, c->task, key, NULL);
}

gint64
case_int_of(const Case *c, const char *key)
{
    return g_key_file_get_int64(c->ini, c->task, key, NULL);
}

double
case_number_of(const Case *c, const char *key)
{
    return g_key_file_get_double(c->ini, c->task, key, NULL);
}

static float *
expected_floats(const Case *c, const char *key, gsize *count, GError **error)
{
    g_autofree char *name = g_key_file_get_string(c->ini, c->task, key, error);
    if (!name)
        return NULL;
    g_autofree char *path = g_build_filename(c->folder, name, NULL);
    TensorFile file = {0};
    if (!tensor_file_read(path, &file, error))
        return NULL;
    float *floats = tensor_file_floats(&file, count);
    tensor_file_clear(&file);
    return floats;
}

void
case_compare(const Case *c,
             const char *what,
             const char *key,
             const float *got,
             gsize n_got,
             gboolean exact)
{
    g_autoptr(GError) problem = NULL;
    gsize count;
    g_autofree float *e = expected_floats(c, key, &count, &problem);
    if (!e) {
        case_fail(c, "%s: %s", what, problem->message);
        return;
    }
    if (count != n_got) {
        case_fail(c, "%s: %zu numbers, %zu are expected", what, n_got, count);
        return;
    }
    double worst = 0, scale = 0;
    for (gsize i = 0; i < count; i++) {
        double error = fabs((double)got[i] - (double)e[i]);
        worst = error > worst || isnan(error) ? error : worst;
        scale = fmax(scale, fabs((double)e[i]));
    }
    double relative = scale > 0 ? worst / scale : worst;
    case_say(c, exact ? worst == 0 : relative <= c->rtol, what, relative);
}

gboolean
case_close_number(const Case *c, double got, double expected)
{
    return fabs(got - expected) <= c->rtol * fabs(expected);
}

/* A plan and a session that have run the case's input. */
typedef struct {
    DcnPlan *plan;
    DcnSession *session;
    int tensor;
    const float *values; /* the tensor's */
    gsize count;
    float *folded; /* its values, if it does not depend on the input */
} Ran;

static void
ran_clear(Ran *ran)
{
    g_free(ran->folded);
    dcn_session_free(ran->session);
    dcn_plan_free(ran->plan);
    *ran = (Ran){0};
}

/* Writes the case's input into the session's input. */
static gboolean
feed(const Case *c, const Ran *ran)
{
    for (size_t i = 0; i < dcn_plan_input_count(ran->plan); i++) {
        int number = dcn_plan_input(ran->plan, i);
        const char *name = dcn_plan_name(ran->plan, number);
        size_t count = dcn_shape_count(dcn_plan_shape(ran->plan, number));
        if (strcmp(name, c->input_name) != 0) {
            case_fail(c, "the net wants a further input, \"%s\"", name);
            return FALSE;
        }
        if (count != c->n_input) {
            case_fail(c, "input \"%s\" is planned with %zu numbers, its file has %zu",
                      name, count, c->n_input);
            return FALSE;
        }
        memcpy(dcn_session_input(ran->session, i), c->input, count * sizeof(float));
    }
    return TRUE;
}

static gboolean
take_values(const Case *c, Ran *ran)
{
    DcnTensor constant;
    ran->count = dcn_shape_count(dcn_plan_shape(ran->plan, ran->tensor));
    if (dcn_plan_constant(ran->plan, ran->tensor, &constant)) {
        ran->folded = g_new(float, ran->count + 1);
        dcn_tensor_to_floats(&constant, ran->folded);
        ran->values = ran->folded;
    } else
        ran->values = dcn_session_tensor(ran->session, ran->tensor);
    if (!ran->values)
        case_fail(c, "the plan does not keep the tensor \"%s\"",
                  dcn_plan_name(ran->plan, ran->tensor));
    return ran->values != NULL;
}

static gboolean
run_net(const Case *c, gboolean backward, Ran *ran)
{
    DcnError error = {0};
    g_autofree char *tensor = case_text_of(c, "tensor");
    const char *targets[] = {tensor};
    DcnNamedShape shape = {c->input_name, c->shape};
    DcnPlanOptions options = {.shapes = &shape,
                              .n_shapes = 1,
                              .targets = targets,
                              .n_targets = 1,
                              .purpose = backward ? DCN_FOR_PROJECTION : DCN_FOR_RUNS};
    *ran = (Ran){0};
    ran->plan = dcn_plan_new(c->model, &options, &error);
    ran->session =
        ran->plan ? dcn_session_new(ran->plan, c->report->context, &error) : NULL;
    ran->tensor = ran->session ? dcn_plan_find(ran->plan, tensor, &error) : -1;
    if (ran->tensor < 0)
        case_fail(c, "%s", error.text);
    else if (feed(c, ran)) {
        if (!dcn_forward(ran->session, NULL, &error))
            case_fail(c, "%s", error.text);
        else if (take_values(c, ran))
            return TRUE;
    }
    ran_clear(ran);
    return FALSE;
}

/* --- tasks --- */

static void
run_forward(const Case *c)
{
    Ran ran;
    if (!run_net(c, FALSE, &ran))
        return;
    case_compare(c, "values", "expected", ran.values, ran.count, FALSE);
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
    gboolean place = (gint64)unit.channel == case_int_of(c, "channel") &&
                     (gint64)unit.y == case_int_of(c, "y") &&
                     (gint64)unit.x == case_int_of(c, "x");
    double e = case_number_of(c, "activation");
    case_say(c, place && case_close_number(c, (double)unit.value, e), "unit",
             fabs((double)unit.value - e) / fabs(e));
    ran_clear(&ran);
}

/* Writes the signal into the file that the task's key "keep" names, for other programs. */
static void
keep_signal(const Case *c, const float *signal)
{
    g_autoptr(GError) problem = NULL;
    g_autofree char *name = case_text_of(c, "keep");
    g_autofree char *path = g_build_filename(c->folder, name ? name : "", NULL);
    if (name && !g_file_set_contents(path, (const char *)signal,
                                     (gssize)(c->n_input * sizeof *signal), &problem))
        case_fail(c, "%s", problem->message);
}

static void
run_project(const Case *c)
{
    Ran ran;
    if (!run_net(c, TRUE, &ran))
        return;
    g_autofree char *method_name = case_text_of(c, "method");
    g_autofree char *seed_name = case_text_of(c, "seed");
    DcnMethod method = g_str_equal(method_name, "deconvnet") ? DCN_DECONVNET
                       : g_str_equal(method_name, "guided")  ? DCN_GUIDED
                                                             : DCN_GRADIENT;
    DcnSeed seed = {.tensor = ran.tensor,
                    .whole_map = g_str_has_suffix(seed_name, "map")};
    gboolean found = TRUE;
    if (g_str_has_prefix(seed_name, "strongest")) {
        dcn_strongest(ran.session, ran.tensor, 0, 1, &seed.unit);
        found = (gint64)seed.unit.channel == case_int_of(c, "channel");
        if (!seed.whole_map)
            found &= (gint64)seed.unit.y == case_int_of(c, "y") &&
                     (gint64)seed.unit.x == case_int_of(c, "x");
    } else {
        seed.unit.channel = (size_t)case_int_of(c, "channel");
        seed.unit.y = (size_t)case_int_of(c, "y");
        seed.unit.x = (size_t)case_int_of(c, "x");
    }
    DcnError error = {0};
    g_autofree float *signal = g_new0(float, c->n_input);
    if (!found)
        case_fail(c, "map %zu is the strongest at %zu, %zu: another unit is expected",
                  seed.unit.channel, seed.unit.y, seed.unit.x);
    else if (!dcn_project(ran.session, &seed, method, signal, NULL, &error))
        case_fail(c, "%s", error.text);
    else {
        keep_signal(c, signal);
        case_compare(c, method_name, "expected", signal, c->n_input, FALSE);
    }
    ran_clear(&ran);
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
                 {"occlude", case_run_occlude}};
    g_autofree char *kind = case_text_of(c, "kind");
    c->rtol = case_number_of(c, "rtol");
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_strcmp0(kind, kinds[i].kind) == 0) {
            kinds[i].run(c);
            return;
        }
    case_fail(c, "a task of an unknown kind");
}

/* Reads the input, and compares it with what case.ini says of it. */
static gboolean
read_input(Case *c)
{
    g_autoptr(GError) problem = NULL;
    g_autofree char *name = case_text_of(c, "input-file");
    g_autofree char *path = g_build_filename(c->folder, name ? name : "", NULL);
    g_autofree char *layout = case_text_of(c, "input-layout");
    TensorFile file = {0};
    if (!tensor_file_read(path, &file, &problem)) {
        case_fail(c, "%s", problem->message);
        return FALSE;
    }
    c->input_name = case_text_of(c, "input");
    c->nhwc = g_strcmp0(layout, "NHWC") == 0;
    c->shape = file.tensor.shape;
    c->input = tensor_file_floats(&file, &c->n_input);
    tensor_file_clear(&file);
    gsize rank = 0;
    g_autofree int *said =
        g_key_file_get_integer_list(c->ini, "case", "input-shape", &rank, NULL);
    gboolean agree = !said || (int)rank == c->shape.rank;
    for (gsize i = 0; said && agree && i < rank; i++)
        agree = said[i] == c->shape.dim[i];
    char text[128];
    if (!c->input_name)
        case_fail(c, "the key input is missing");
    else if (!agree)
        case_fail(c, "input-shape says another shape than the input's file, which has %s",
                  dcn_shape_print(&c->shape, text));
    return c->input_name && agree;
}

static void
run_tasks(Case *c)
{
    DcnError error = {0};
    g_autofree char *model = case_text_of(c, "model");
    g_autofree char *path = g_build_filename(c->folder, model ? model : "", NULL);
    g_auto(GStrv) tasks = g_key_file_get_string_list(c->ini, "case", "tasks", NULL, NULL);
    c->model = dcn_model_open(path, &error);
    if (!c->model)
        case_fail(c, "%s", error.text);
    else if (!tasks)
        case_fail(c, "no tasks");
    else if (read_input(c))
        for (char **task = tasks; *task; task++) {
            c->task = *task;
            run_task(c);
        }
    g_free(c->input_name);
    g_free(c->input);
    dcn_model_free(c->model);
}

void
case_run_own(Report *report, const char *folder)
{
    Case c = {
        .report = report, .folder = folder, .ini = g_key_file_new(), .task = "case"};
    g_autofree char *path = g_build_filename(folder, "case.ini", NULL);
    g_autoptr(GError) problem = NULL;
    if (!g_key_file_load_from_file(c.ini, path, G_KEY_FILE_NONE, &problem))
        case_fail(&c, "%s", problem->message);
    else if (g_key_file_has_key(c.ini, "case", "loss", NULL))
        case_run_training(report, folder, c.ini);
    else
        run_tasks(&c);
    g_key_file_unref(c.ini);
}
