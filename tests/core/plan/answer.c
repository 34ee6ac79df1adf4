/* SPDX-License-Identifier: GPL-3.0-or-later */
/* answer.c: tests of where a classifier's answer is found, and of the probabilities that
 * come of it. */
#include "check.h"
#include "core/fixture/build_model.h"
#include "core/fixture/model_run.h"
#include <math.h>
#include <string.h>

/* A net whose numbers, called "z", are 1 x `count`: features by weights of a small
 * picture, then scores by weights of the features. */
static NewModel *
scores(int opset, int count)
{
    g_autofree char *shape = g_strdup_printf("6,%d", count);
    NewModel *net = new_model(opset);
    new_input(net, "x", "1,3,4,4");
    new_weights(net, "w", "6,3,4,4", 1);
    new_weights(net, "v", shape, 2);
    new_ints(net, "flat", "1,6");
    new_node(net, "Conv", "conv", "x;w", "c", "");
    new_node(net, "Reshape", "", "c;flat", "features", "");
    new_node(net, "MatMul", "", "features;v", "z", "");
    return net;
}

/* Runs the net on a ramp. Checks which tensor is read and of what kind the answer is, and
 * leaves probabilities of the classes in p. True if the net's numbers had to tell. */
static bool
ask(NewModel *net, const char *output, const char *tensor, DcnAnswer answer, float *p)
{
    DcnError error = {0};
    DcnModel *model = model_opened(net);
    DcnContext *context = dcn_context_new(1, &error);
    DcnPlan *plan = dcn_plan_new(
        model, &(DcnPlanOptions){.passes_off = DCN_PASS_ALL & ~DCN_PASS_MEMORY}, &error);
    check_no_error(error.text);
    DcnClassifier classifier = {0};
    CHECK_NEED(dcn_plan_classifier(plan, output, &classifier, &error));
    check_same_text(dcn_plan_name(plan, classifier.tensor), tensor);
    bool unsure = classifier.unsure;
    if (!unsure)
        CHECK_INT(classifier.answer, answer);
    const char *target = tensor;
    DcnPlan *run = dcn_plan_new(
        model, &(DcnPlanOptions){.targets = &target, .n_targets = 1}, &error);
    DcnSession *session = run ? dcn_session_new(run, context, &error) : NULL;
    check_no_error(error.text);
    for (int i = 0; i < 48; i++)
        dcn_session_input(session, 0)[i] = (float)(i % 7) / 8 - 0.2f;
    CHECK(dcn_forward(session, NULL, &error));
    float score[16];
    const float *numbers =
        dcn_session_tensor(session, dcn_plan_find(run, tensor, &error));
    dcn_classifier_judge(&classifier, numbers);
    CHECK_INT(classifier.answer, answer);
    CHECK(!classifier.unsure);
    dcn_classifier_read(&classifier, numbers, score, p);
    for (size_t k = 0; k < classifier.classes; k++)
        CHECK(p[k] >= 0 && p[k] <= 1 && isfinite(score[k]));
    dcn_session_free(session);
    dcn_plan_free(run);
    dcn_plan_free(plan);
    dcn_context_free(context);
    dcn_model_free(model);
    new_model_free(net);
    return unsure;
}

static void
same(const float *a, const float *b, int count)
{
    for (int k = 0; k < count; k++)
        check_near((double)a[k], (double)b[k], 1e-6, "probability");
}

static void
a_softmax_is_applied_once_however_it_is_written(void)
{
    float plain[16], p[16];
    NewModel *net = scores(13, 5);
    new_output(net, "z");
    ask(net, NULL, "z", DCN_ANSWER_SCORES, plain);

    net = scores(13, 5);
    new_node(net, "Softmax", "", "z", "p", "axis=1");
    new_output(net, "p");
    ask(net, NULL, "z", DCN_ANSWER_SCORES, p);
    same(p, plain, 5);

    net = scores(13, 5);
    new_ints(net, "axis", "1");
    new_node(net, "Exp", "", "z", "e", "");
    new_node(net, "ReduceSum", "", "e;axis", "s", "");
    new_node(net, "Div", "", "e;s", "p", "");
    new_output(net, "p");
    ask(net, NULL, "z", DCN_ANSWER_SCORES, p);
    same(p, plain, 5);

    net = scores(13, 5);
    new_node(net, "Softmax", "", "z", "q", "axis=1");
    new_node(net, "Log", "", "q", "p", "");
    new_output(net, "p");
    ask(net, NULL, "p", DCN_ANSWER_SCORES, p);
    same(p, plain, 5);

    net = scores(13, 5);
    new_node(net, "LogSoftmax", "", "z", "p", "axis=1");
    new_output(net, "p");
    ask(net, NULL, "p", DCN_ANSWER_SCORES, p);
    same(p, plain, 5);
}

static void
sigmoids_are_labels_of_their_own(void)
{
    float p[16], pieces[16];
    NewModel *net = scores(13, 5);
    new_node(net, "Sigmoid", "", "z", "p", "");
    new_output(net, "p");
    ask(net, NULL, "z", DCN_ANSWER_EACH, p);

    net = scores(13, 5);
    new_floats(net, "one", "", (float[]){1});
    new_node(net, "Neg", "", "z", "n", "");
    new_node(net, "Exp", "", "n", "e", "");
    new_node(net, "Add", "", "e;one", "s", "");
    new_node(net, "Div", "", "one;s", "p", "");
    new_output(net, "p");
    ask(net, NULL, "p", DCN_ANSWER_PROBABILITIES, pieces);
    same(p, pieces, 5);
}

static void
one_number_is_a_yes_or_a_no(void)
{
    float logit[16], p[16];
    NewModel *net = scores(13, 1);
    new_output(net, "z");
    ask(net, NULL, "z", DCN_ANSWER_ONE, logit);
    check_near((double)(logit[0] + logit[1]), 1, 1e-6, "yes and no");

    net = scores(13, 1);
    new_node(net, "Sigmoid", "", "z", "p", "");
    new_output(net, "p");
    ask(net, NULL, "z", DCN_ANSWER_ONE, p);
    same(p, logit, 2);
}

/* Steps that say nothing of their numbers, behind scores and behind probabilities. */
static void
numbers_tell_where_steps_do_not(void)
{
    float plain[16], p[16];
    const float mixed[15] = {1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1};
    NewModel *net = scores(13, 5);
    new_output(net, "z");
    CHECK(!ask(net, NULL, "z", DCN_ANSWER_SCORES, plain));

    net = scores(13, 5);
    new_node(net, "Softmax", "", "z", "q", "axis=1");
    new_node(net, "Abs", "", "q", "p", "");
    new_output(net, "p");
    CHECK(ask(net, NULL, "p", DCN_ANSWER_PROBABILITIES, p));
    same(p, plain, 5);

    net = scores(13, 5); /* probabilities of 5 classes become those of 3 */
    new_floats(net, "mixed", "5,3", mixed);
    new_node(net, "Softmax", "", "z", "q", "axis=1");
    new_node(net, "MatMul", "", "q;mixed", "p", "");
    new_output(net, "p");
    CHECK(ask(net, NULL, "p", DCN_ANSWER_PROBABILITIES, p));
    same(p, (float[]){plain[0] + plain[1], plain[2], plain[3] + plain[4]}, 3);

    net = scores(13, 5);
    new_node(net, "Tanh", "", "z", "t", "");
    new_output(net, "t");
    CHECK(ask(net, NULL, "t", DCN_ANSWER_SCORES, p));

    net = scores(13, 5); /* a bias, a factor and a rectifier leave scores what they are */
    new_weights(net, "bias", "5", 3);
    new_floats(net, "half", "", (float[]){0.5F});
    new_node(net, "Add", "", "bias;z", "a", "");
    new_node(net, "Relu", "", "a", "r", "");
    new_node(net, "Mul", "", "half;r", "s", "");
    new_output(net, "s");
    CHECK(!ask(net, NULL, "s", DCN_ANSWER_SCORES, p));
}

static void
numbers_near_probabilities_are_none(void)
{
    const struct {
        float numbers[3];
        DcnAnswer answer;
    } cases[] = {
        {{0.5F, 0.25F, 0.25F}, DCN_ANSWER_PROBABILITIES},
        {{1, 0, 0}, DCN_ANSWER_PROBABILITIES},
        {{0.5F, 0.25F, 0.2508F}, DCN_ANSWER_PROBABILITIES}, /* rounded to 1/255 */
        {{0.5F, 0.25F, 0.252F}, DCN_ANSWER_SCORES},
        {{1.5F, -0.25F, -0.25F}, DCN_ANSWER_SCORES},
        {{NAN, 0.5F, 0.5F}, DCN_ANSWER_SCORES},
        {{0, 0, 0}, DCN_ANSWER_SCORES},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        DcnClassifier classifier = {.classes = 3, .numbers = 3, .unsure = true};
        dcn_classifier_judge(&classifier, cases[i].numbers);
        CHECK_INT(classifier.answer, cases[i].answer);
        /* It is judged once. */
        dcn_classifier_judge(&classifier, cases[(i + 3) % 7].numbers);
        CHECK_INT(classifier.answer, cases[i].answer);
    }
}

static void
the_answer_may_be_any_output(void)
{
    float p[16];
    NewModel *net = scores(13, 5); /* maps first, then features, then scores */
    new_output(net, "c");
    new_output(net, "features");
    new_output(net, "z");
    ask(net, NULL, "z", DCN_ANSWER_SCORES, p);

    net = scores(13, 5);
    new_output(net, "features");
    new_output(net, "z");
    ask(net, "features", "features", DCN_ANSWER_SCORES, p);
}

static void
names_of_classes_lead_to_what_they_name(void)
{
    float p[16];
    NewModel *net = scores(13, 5);
    new_node(net, "Softmax", "", "z", "p", "axis=1");
    new_node(net, "ai.onnx.ml:ZipMap", "", "p", "map", "classlabels_strings='a,b,c,d,e");
    new_output(net, "map");
    DcnModel *model = model_opened(net);
    size_t count;
    const char *const *names = dcn_model_class_names(model, &count);
    CHECK_INT(count, 5);
    check_same_text(names ? names[4] : "", "e");
    dcn_model_free(model);
    ask(net, NULL, "z", DCN_ANSWER_SCORES, p);
}

static void
what_is_no_classifier_is_said_so(void)
{
    DcnError error = {0};
    NewModel *net = scores(13, 5);
    new_node(net, "Relu", "", "x", "y", "");
    new_output(net, "y");
    DcnModel *model = model_opened(net);
    DcnPlan *plan = dcn_plan_new(model, NULL, &error);
    DcnClassifier classifier;
    CHECK(!dcn_plan_classifier(plan, NULL, &classifier, &error));
    check_text(error.text, "not one number a class");
    dcn_plan_free(plan);
    dcn_model_free(model);
    new_model_free(net);
}

/* A survey lists the layers before an unknown operator; a plan that runs the whole net
 * names the operator. */
static void
an_unknown_operator_shuts_only_what_needs_it(void)
{
    DcnError error = {0};
    NewModel *net = scores(13, 5);
    new_node(net, "Whirl", "whirl", "z", "y", "");
    new_output(net, "y");
    DcnModel *model = model_opened(net);
    CHECK(!dcn_plan_new(model, NULL, &error));
    check_text(error.text, "Whirl");
    DcnPlan *survey =
        dcn_plan_new(model, &(DcnPlanOptions){.purpose = DCN_FOR_SURVEYS}, &error);
    CHECK_NEED(survey);
    CHECK(dcn_plan_layer_count(survey) > 0);
    const char *target = "features";
    DcnPlan *part = dcn_plan_new(
        model, &(DcnPlanOptions){.targets = &target, .n_targets = 1}, &error);
    CHECK(part);
    dcn_plan_free(part);
    dcn_plan_free(survey);
    dcn_model_free(model);
    new_model_free(net);
}

CHECK_MAIN(CHECK_TEST(a_softmax_is_applied_once_however_it_is_written),
           CHECK_TEST(sigmoids_are_labels_of_their_own),
           CHECK_TEST(one_number_is_a_yes_or_a_no),
           CHECK_TEST(numbers_tell_where_steps_do_not),
           CHECK_TEST(numbers_near_probabilities_are_none),
           CHECK_TEST(the_answer_may_be_any_output),
           CHECK_TEST(names_of_classes_lead_to_what_they_name),
           CHECK_TEST(what_is_no_classifier_is_said_so),
           CHECK_TEST(an_unknown_operator_shuts_only_what_needs_it))
