/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recipe.c: what a recipe may say, and the sentence about each mistake. */

#include "recipe/recipe.h"
#include "check.h"
#include "models/fixture/fixture.h"
#include "run/rate.h"

#define NET                                                                              \
    "[model]\ninput=32\n[layers]\nconv1=conv maps 8 size 3 stride 2 pad 1\n"             \
    "flat=flatten\nscore=linear\n"

static Recipe *
read_text(const char *text, const char *const *settings, GError **error)
{
    char *folder = fixture_folder();
    fixture_file(folder, "a.ini", text, strlen(text));
    char *path = g_build_filename(folder, "a.ini", NULL);
    Recipe *recipe = recipe_read(path, settings, error);
    g_free(path);
    fixture_remove(folder);
    return recipe;
}

static void
refused(const char *text, const char *sentence)
{
    GError *error = NULL;
    Recipe *recipe = read_text(text, NULL, &error);
    if (check(!recipe && error, text))
        check_text(error->message, sentence);
    g_clear_error(&error);
    recipe_free(recipe);
}

static void
a_recipe_says_what_it_says(void)
{
    GError *error = NULL;
    Recipe *r = read_text(NET "[training]\nepochs=7\nrate=0.25\nnesterov=yes\n"
                              "schedule=step\n[augment]\ncrop=0.25; 1\n",
                          NULL, &error);
    if (!check(r != NULL, error ? error->message : ""))
        return;
    check_int(r->input, 32, "input");
    check_int((long long)r->n_layers, 3, "layers");
    check_text(r->layers[0].name, "conv1");
    check_int((long long)r->layers[0].number[NUMBER_MAPS], 8, "maps");
    check_int((long long)r->layers[0].number[NUMBER_STRIDE], 2, "stride");
    check_int((long long)r->layers[0].number[NUMBER_GROUPS], 1, "groups, not said");
    check_int(r->epochs, 7, "epochs");
    check(r->rate == 0.25, "rate");
    check(r->nesterov, "nesterov");
    check_int(r->schedule, SCHEDULE_STEP, "schedule");
    check(r->crop[0] == 0.25 && r->crop[1] == 1, "crop");
    check(r->momentum == 0.9, "momentum, not said");
    recipe_free(r);
}

static void
settings_overrule_it(void)
{
    GError *error = NULL;
    const char *settings[] = {"training.epochs=3", "model.input=64", NULL};
    Recipe *r = read_text(NET "[training]\nepochs=7\n", settings, &error);
    if (check(r != NULL, error ? error->message : "")) {
        check_int(r->epochs, 3, "epochs");
        check_int(r->input, 64, "input");
        check_text(r->text, "epochs=3\n");
    }
    recipe_free(r);
    const char *bad[] = {"epochs", NULL};
    check(!read_text(NET, bad, &error), "no setting");
    check_text(error->message, "“epochs” is no setting");
    g_clear_error(&error);
}

static void
comments_change_nothing(void)
{
    Recipe *a = read_text(NET, NULL, NULL), *b = read_text("# here\n" NET, NULL, NULL);
    check(a && b && g_str_equal(a->text, b->text), "the same text");
    recipe_free(a);
    recipe_free(b);
}

static void
unknown_keys_are_named(void)
{
    refused(NET "[training]\nepoch=3\n", "unknown key “epoch” in [training]");
    refused(NET "[trainig]\nepochs=3\n", "unknown group [trainig]");
    refused(NET "[augment]\nepochs=3\n", "unknown key “epochs” in [augment]");
}

static void
values_out_of_range_are_named(void)
{
    refused(NET "[training]\nepochs=0\n", "epochs = “0” in [training]");
    refused(NET "[training]\nepochs=1.5\n", "a whole number from 1 to 100000");
    refused(NET "[training]\nrate=fast\n", "rate = “fast”");
    refused(NET "[training]\nrate=nan\n", "rate = “nan”");
    refused(NET "[training]\nnesterov=true\n", "expected: yes, no");
    refused(NET "[training]\nschedule=linear\n", "expected: cosine, step");
    refused(NET "[augment]\ncrop=0.5\n", "2 numbers from 0.01 to 1");
    refused(NET "[augment]\ncrop=1;0.5\n", "in this order");
}

static void
layers_are_checked_by_name(void)
{
    refused("[model]\ninput=8\n[layers]\na=cnv maps 3\n",
            "Layer a: there is no kind “cnv”");
    refused("[model]\ninput=8\n[layers]\na=conv maps 3\n", "“conv” needs “size”");
    refused("[model]\ninput=8\n[layers]\na=relu size 3\n", "“relu” takes no “size”");
    refused("[model]\ninput=8\n[layers]\na=conv maps 3 size\n",
            "no number behind “size”");
    refused("[model]\ninput=8\n[layers]\na=conv maps 2.5 size 3\n",
            "maps is “2.5”; expected: a whole number from 1 to 65536");
    refused("[model]\ninput=8\n[layers]\na=\n", "Layer a: there is no kind “”");
}

static void
what_belongs_together_is_asked_for(void)
{
    refused("[training]\nepochs=1\n", "neither [layers] nor “init”");
    refused("[layers]\na=relu\n", "does not say “input”");
    refused("[model]\ninput=8\nfreeze=a\n[layers]\na=relu\n", "“freeze” needs “init”");
    refused("[model]\ninit=a.onnx\nfrom=b\n", "“from” needs");
    refused("[model]\ninit=a.onnx\nfreeze=b\n[augment]\ngray=0.5\n", "computed once");
    refused("[model]\ninit=a.onnx\nfreeze=b\n[teacher]\nmodel=c.onnx\n",
            "A teacher needs");
}

static void
freeze_none_is_to_freeze_nothing(void)
{
    GError *error = NULL;
    Recipe *r = read_text("[model]\ninit=a.onnx\nfreeze=none\n[augment]\nflip=0.5\n",
                          NULL, &error);
    check(r && !r->freeze, error ? error->message : "nothing frozen");
    recipe_free(r);
}

static void
near(double got, double wanted, const char *what)
{
    if (fabs(got - wanted) > 1e-12)
        check_fail("%s: got %.15g, wanted %.15g", what, got, wanted);
}

static void
the_rate_warms_up_and_follows_a_cosine(void)
{
    Recipe r = {.rate = 2, .warmup = 1, .epochs = 5, .schedule = SCHEDULE_COSINE};
    near(schedule_rate(&r, 0, 9), 0.2, "first step");
    near(schedule_rate(&r, 8, 9), 1.8, "last step of the warm-up");
    near(schedule_rate(&r, 9, 9), 2, "after it");
    near(schedule_rate(&r, 27, 9), 1, "half of the way");
    near(schedule_rate(&r, 45, 9), 0, "the end");
}

static void
the_rate_falls_in_steps(void)
{
    Recipe r = {.rate = 1,
                .epochs = 9,
                .schedule = SCHEDULE_STEP,
                .step_epochs = 3,
                .step_factor = 0.1};
    near(schedule_rate(&r, 0, 10), 1, "first");
    near(schedule_rate(&r, 29, 10), 1, "last of three epochs");
    near(schedule_rate(&r, 30, 10), 0.1, "fourth epoch");
    near(schedule_rate(&r, 60, 10), 0.01, "seventh epoch");
}

CHECK_MAIN(CHECK_TEST(a_recipe_says_what_it_says),
           CHECK_TEST(settings_overrule_it),
           CHECK_TEST(comments_change_nothing),
           CHECK_TEST(unknown_keys_are_named),
           CHECK_TEST(values_out_of_range_are_named),
           CHECK_TEST(layers_are_checked_by_name),
           CHECK_TEST(what_belongs_together_is_asked_for),
           CHECK_TEST(freeze_none_is_to_freeze_nothing),
           CHECK_TEST(the_rate_warms_up_and_follows_a_cosine),
           CHECK_TEST(the_rate_falls_in_steps))
