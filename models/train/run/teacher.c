/* SPDX-License-Identifier: GPL-3.0-or-later */
/* teacher.c: runs the teacher on a batch and mixes its answers into the targets. */

#include "run/teacher.h"
#include "base/fail.h"

struct Teacher {
    Pupil self;
    DcnPreprocessing from; /* of the pupil's input */
    int from_side;
    DcnPlan *plan;
    DcnSession *session;
    int scores;
    gsize batch, classes;
    float temperature, weight;
    float *answer;       /* classes */
    double middle[2][3]; /* see colours() */
};

/* Plane c of the pupil's input, in R G B order, times middle[0][c] plus middle[1][c] is
 * the teacher's: both are linear in the pixel. */
static void
colours(Teacher *teacher)
{
    const DcnPreprocessing *from = &teacher->from, *to = &teacher->self.how;
    for (int c = 0; c < 3; c++) {
        int f = from->bgr ? 2 - c : c, t = to->bgr ? 2 - c : c;
        double scale = (double)to->range / (double)from->range / (double)to->std[t];
        teacher->middle[0][c] = (double)from->std[f] * scale;
        teacher->middle[1][c] =
            (double)from->mean[f] * scale - (double)to->mean[t] / (double)to->std[t];
    }
}

static gboolean
prepare(Teacher *teacher, DcnContext *context, GError **error)
{
    DcnError core = {0};
    DcnPlanOptions options = {.batch = teacher->batch,
                              .height = teacher->self.side,
                              .width = teacher->self.side};
    DcnClassifier classifier;
    DcnPlan *survey = dcn_plan_new(teacher->self.model, &options, &core);
    if (!survey || !dcn_plan_classifier(survey, NULL, &classifier, &core)) {
        dcn_plan_free(survey);
        return fail_core(error, &core);
    }
    char *scores = g_strdup(dcn_plan_name(survey, classifier.tensor));
    dcn_plan_free(survey);
    const char *target = scores;
    options.targets = &target;
    options.n_targets = 1;
    teacher->plan = dcn_plan_new(teacher->self.model, &options, &core);
    if (teacher->plan)
        teacher->session = dcn_session_new(teacher->plan, context, &core);
    if (teacher->session)
        teacher->scores = dcn_plan_find(teacher->plan, scores, &core);
    g_free(scores);
    if (!teacher->session || teacher->scores < 0)
        return fail_core(error, &core);
    return classifier.classes == teacher->classes ||
           fail_input(error,
                      _("The teacher tells %d classes apart and the data have %d."),
                      (int)classifier.classes, (int)teacher->classes);
}

Teacher *
teacher_new(const Recipe *recipe,
            const Pupil *pupil,
            gsize classes,
            gsize batch,
            DcnContext *context,
            const char *data,
            GError **error)
{
    Teacher *teacher = g_new0(Teacher, 1);
    teacher->from = pupil->how;
    teacher->from_side = pupil->side;
    teacher->batch = batch;
    teacher->classes = classes;
    teacher->temperature = (float)recipe->temperature;
    teacher->weight = (float)recipe->teacher_weight;
    teacher->answer = g_new(float, classes);
    gboolean ok =
        build_open(&teacher->self, recipe->teacher, recipe->teacher_input, data, error);
    if (ok && (teacher->self.channels != 3 || pupil->channels != 3))
        ok = fail_input(error, _("A teacher and its pupil must both see colours."));
    if (ok && teacher->self.how.linear != pupil->how.linear)
        ok = fail_input(
            error, _("A teacher and its pupil must both see linear light, or neither."));
    ok = ok && prepare(teacher, context, error);
    if (ok) {
        colours(teacher);
        return teacher;
    }
    teacher_free(teacher);
    return NULL;
}

void
teacher_free(Teacher *teacher)
{
    if (!teacher)
        return;
    dcn_session_free(teacher->session);
    dcn_plan_free(teacher->plan);
    pupil_clear(&teacher->self);
    g_free(teacher->answer);
    g_free(teacher);
}

/* A plane brought to another size, linearly between the middles of pixels. */
static void
resize(const float *from, int side, float *to, int to_side, float scale, float shift)
{
    float step = (float)side / (float)to_side;
    for (int y = 0; y < to_side; y++) {
        float at_y = CLAMP(((float)y + 0.5F) * step - 0.5F, 0, (float)(side - 1));
        int y0 = (int)at_y, y1 = MIN(y0 + 1, side - 1);
        const float *upper = from + (gsize)y0 * (gsize)side;
        const float *lower = from + (gsize)y1 * (gsize)side;
        float down = at_y - (float)y0;
        for (int x = 0; x < to_side; x++, to++) {
            float at_x = CLAMP(((float)x + 0.5F) * step - 0.5F, 0, (float)(side - 1));
            int x0 = (int)at_x, x1 = MIN(x0 + 1, side - 1);
            float right = at_x - (float)x0;
            float top = upper[x0] + right * (upper[x1] - upper[x0]);
            float bottom = lower[x0] + right * (lower[x1] - lower[x0]);
            *to = (top + down * (bottom - top)) * scale + shift;
        }
    }
}

gboolean
teacher_tell(Teacher *teacher, const float *input, float *targets, GError **error)
{
    DcnError core = {0};
    int side = teacher->self.side, from_side = teacher->from_side;
    gsize plane = (gsize)side * (gsize)side,
          from_plane = (gsize)from_side * (gsize)from_side;
    float *own = dcn_session_input(teacher->session, 0);
    for (gsize i = 0; i < teacher->batch; i++)
        for (int c = 0; c < 3; c++) {
            gsize f = (gsize)(teacher->from.bgr ? 2 - c : c);
            gsize t = (gsize)(teacher->self.how.bgr ? 2 - c : c);
            resize(input + (3 * i + f) * from_plane, from_side, own + (3 * i + t) * plane,
                   side, (float)teacher->middle[0][c], (float)teacher->middle[1][c]);
        }
    if (!dcn_forward(teacher->session, NULL, &core))
        return fail_core(error, &core);
    const float *scores = dcn_session_tensor(teacher->session, teacher->scores);
    for (gsize i = 0; i < teacher->batch; i++) {
        float *target = targets + i * teacher->classes;
        for (gsize k = 0; k < teacher->classes; k++)
            teacher->answer[k] = scores[i * teacher->classes + k] / teacher->temperature;
        dcn_softmax(teacher->answer, teacher->classes, teacher->answer);
        for (gsize k = 0; k < teacher->classes; k++)
            target[k] += teacher->weight * (teacher->answer[k] - target[k]);
    }
    return TRUE;
}
