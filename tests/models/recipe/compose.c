/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compose.c: what layers of a recipe compute. */

#include "recipe/compose.h"
#include "check.h"
#include "edit.h"
#include "models/fixture/fixture.h"

/* Two maps of 2 x 2 places. */
static const float picture[8] = {3, 0, 0, 1, 4, 5, 2, 0};

/* The layers behind the input "picture" run on it; `wanted`: the values of the tensor
 * "norm". */
static void
gives(const char *layers, const float wanted[8])
{
    char *folder = fixture_folder();
    char *text = g_strconcat("[model]\ninput=2\n[layers]\n", layers, NULL);
    fixture_file(folder, "a.ini", text, strlen(text));
    char *path = g_build_filename(folder, "a.ini", NULL);
    Recipe *recipe = recipe_read(path, NULL, NULL);
    DcnModel *model = dcn_model_new(NULL);
    const char *targets[] = {"norm"};
    DcnPlanOptions options = {.targets = targets, .n_targets = 1};
    DcnShape shape = {4, {-1, 2, 2, 2}};
    GError *error = NULL;
    gboolean ok = recipe && model &&
                  dcn_model_add_input(model, "picture", &shape, NULL) &&
                  compose_layers(model, "picture", 2, 2, recipe, 2, 1, &error);
    DcnPlan *plan = ok ? dcn_plan_new(model, &options, NULL) : NULL;
    DcnContext *context = dcn_context_new(1, NULL);
    DcnSession *session = plan ? dcn_session_new(plan, context, NULL) : NULL;
    if (check(session != NULL, error ? error->message : layers)) {
        memcpy(dcn_session_input(session, 0), picture, sizeof picture);
        check(dcn_forward(session, NULL, NULL), "it runs");
        const float *got = dcn_session_tensor(session, dcn_plan_find(plan, "norm", NULL));
        for (int i = 0; i < 8; i++)
            if (fabsf(got[i] - wanted[i]) > 1e-6F)
                check_fail("%s value %d: got %g, wanted %g", layers, i, (double)got[i],
                           (double)wanted[i]);
    }
    g_clear_error(&error);
    dcn_session_free(session);
    dcn_plan_free(plan);
    dcn_context_free(context);
    dcn_model_free(model);
    recipe_free(recipe);
    g_free(path);
    g_free(text);
    fixture_remove(folder);
}

static void
unit_is_of_a_place_or_of_all(void)
{
    float all[8];
    for (int i = 0; i < 8; i++)
        all[i] = picture[i] / sqrtf(55);
    gives("norm=unit\nflat=flatten\nscore=linear\n",
          (const float[8]){0.6F, 0, 0, 1, 0.8F, 1, 1, 0});
    gives("flat=flatten\nnorm=unit\nscore=linear\n", all);
}

CHECK_MAIN(CHECK_TEST(unit_is_of_a_place_or_of_all))
