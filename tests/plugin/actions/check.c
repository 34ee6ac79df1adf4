/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check.c: tests of the check of how pictures are fed, by a net that names the way in
 * which it was fed a red picture. */
#define _DEFAULT_SOURCE /* seteuid() */
#include "net/card_file.h"
#include "net/conventions.h"
#include "net/net.h"
#include "plugin/fixture/fixture.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { CONVENTIONS, LABELS, PROBABILITIES, ANSWERS, USED, CARD };

/* What red becomes, in the net's order. */
static void
red(const Convention *one, float fed[3])
{
    const float rgb[3] = {1, 0, 0};
    DcnInputLayout layout = {.channels = one->channels, .height = 1, .width = 1};
    dcn_input_from_rgb(&one->how, &layout, 1, 1, rgb, fed);
}

/* A class for each convention of so many channels. The nearest wins: 2 p x - p p is
 * largest for the p that is nearest to x. Returns the path. */
static char *
telling_net(int channels, const char *name)
{
    float weights[3 * 32], bias[32] = {0};
    int count = 0;
    GString *labels = g_string_new(NULL);
    for (const Convention *one = conventions; one->nick; one++) {
        float fed[3];
        if (one->channels != channels)
            continue;
        red(one, fed);
        for (int c = 0; c < channels; c++) {
            weights[channels * count + c] = 2 * fed[c];
            bias[count] -= fed[c] * fed[c];
        }
        count++;
        g_string_append_printf(labels, "%s\n", one->nick);
    }
    g_autofree char *picture = g_strdup_printf("1,%d,8,8", channels);
    g_autofree char *shape = g_strdup_printf("%d,%d,1,1", count, channels);
    g_autofree char *classes = g_strdup_printf("%d", count);
    NewModel *net = new_model(13);
    new_metadata(net, "labels", labels->str);
    new_input(net, "x", picture);
    new_floats(net, "w", shape, weights);
    new_floats(net, "b", classes, bias);
    new_node(net, "Conv", "conv", "x;w;b", "c", "");
    new_node(net, "GlobalAveragePool", "mean", "c", "m", "");
    new_node(net, "Flatten", "flat", "m", "y", "");
    new_output(net, "y");
    g_string_free(labels, TRUE);
    return fixture_model(net, name);
}

static Photo
red_photo(void)
{
    Photo photo = fixture_photo(8, 8);
    for (int i = 0; i < 64; i++)
        fixture_dot(&photo, i % 8, i / 8, 1, 0, 0);
    fixture_done(&photo);
    return photo;
}

static Call
run(const Procedure *procedure, const char *path, const char *use)
{
    g_autofree char *model = g_strconcat("model=", path, NULL);
    g_autofree char *used = g_strconcat("use=", use, NULL);
    Photo photo = red_photo();
    Call call = use ? fixture_call(procedure, &photo, model, used, NULL)
                    : fixture_call(procedure, &photo, model, NULL);
    g_assert_no_error(call.error);
    g_assert_cmpint(photo.image->undo_steps, ==, 0);
    fixture_free(&photo);
    return call;
}

/* What classify names: the convention in use. */
static void
check_classified(const char *path, const char *nick, gboolean told)
{
    Call call = run(&procedure_classify, path, NULL);
    g_assert_cmpstr(call.results[0].text, ==, nick);
    g_assert_cmpint(fixture_said("assumed"), ==, told);
    fixture_call_clear(&call);
}

static void
each_row_is_fed_as_it_says(void)
{
    for (int channels = 1; channels <= 3; channels += 2) {
        g_autofree char *path = telling_net(channels, "rows.onnx");
        Call call = run(&procedure_check, path, NULL);
        gsize i = 0;
        for (const Convention *one = conventions; one->nick; one++) {
            if (one->channels != channels)
                continue;
            g_assert_cmpstr(call.results[CONVENTIONS].texts[i], ==, one->nick);
            g_assert_cmpstr(call.results[LABELS].texts[i], ==, one->nick);
            g_autofree char *first = g_strdup_printf("%s %.1f %%; ", one->nick,
                                                     100 * fixture_number(&call, 2, i));
            g_assert_true(g_str_has_prefix(call.results[ANSWERS].texts[i], first));
            i++;
        }
        g_assert_null(call.results[CONVENTIONS].texts[i]);
        g_assert_cmpuint(call.results[PROBABILITIES].numbers->len, ==, i);
        g_assert_cmpstr(call.results[USED].text, ==, channels == 1 ? "unit" : "imagenet");
        g_assert_cmpstr(call.results[CARD].text, ==, "");
        fixture_call_clear(&call);
        g_autofree char *card = card_file_beside(path);
        g_assert_false(g_file_test(card, G_FILE_TEST_EXISTS));
    }
}

static void
one_choice_is_kept(void)
{
    g_autofree char *path = telling_net(3, "chosen.onnx"), *card = card_file_beside(path);
    check_classified(path, "imagenet", TRUE);
    for (const Convention *one = conventions; one->nick; one++) {
        if (one->channels != 3)
            continue;
        Call call = run(&procedure_check, path, one->nick);
        g_assert_cmpstr(call.results[USED].text, ==, one->nick);
        g_assert_cmpstr(call.results[CARD].text, ==, card);
        fixture_call_clear(&call);
        check_classified(path, one->nick, FALSE);
        const Card *read = &net_open(path, NULL)->card;
        g_assert_cmpint(read->source, ==, CARD_SAID);
        g_assert_cmpint(read->how.bgr, ==, one->how.bgr);
        for (int c = 0; c < 3; c++) {
            g_assert_cmpfloat(read->how.range, ==, one->how.range);
            g_assert_cmpfloat(read->how.mean[c], ==, one->how.mean[c]);
            g_assert_cmpfloat(read->how.std[c], ==, one->how.std[c]);
        }
        call = run(&procedure_check, path, NULL);
        g_assert_cmpstr(call.results[USED].text, ==, one->nick);
        fixture_call_clear(&call);
    }
}

static void
the_rest_of_a_card_stays(void)
{
    g_autofree char *path = telling_net(3, "kept.onnx"), *card = card_file_beside(path);
    g_autofree char *text = NULL;
    fixture_write("kept.ini",
                  "# mine\n[model]\nname=Kept\n[input]\n# a side\nsize=8\nmean=1;2;3\n"
                  "gamma=linear\n[other]\nkey=value\n");
    Call call = run(&procedure_check, path, NULL);
    g_assert_cmpstr(call.results[USED].text, ==, "other");
    g_assert_cmpstr(call.results[CONVENTIONS].texts[0], ==, "other");
    fixture_call_clear(&call);
    call = run(&procedure_check, path, "bytes");
    fixture_call_clear(&call);
    g_assert_true(g_file_get_contents(card, &text, NULL, NULL));
    static const char *const parts[] = {
        "# mine\n", "name=Kept\n",   "# a side\n",  "size=8\n", "[other]\nkey=value",
        "mean=0\n", "range=0;255\n", "order=RGB\n", "std=1\n",  "gamma=linear\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (!strstr(text, parts[i]))
            g_test_message("no \"%s\" in:\n%s", parts[i], text);
        g_assert_nonnull(strstr(text, parts[i]));
    }
}

/* The path of an open file lies in a folder that nobody can write to. */
static char *
read_only(const char *path, int *file)
{
    *file = g_open(path, O_RDONLY, 0);
    g_assert_cmpint(*file, >=, 0);
    return g_strdup_printf("/proc/self/fd/%d", *file);
}

static void
where_nothing_can_be_written_the_users_folder_has_the_card(void)
{
    int file;
    g_autofree char *path = telling_net(3, "mine.onnx");
    g_autofree char *closed = read_only(path, &file);
    if (!g_file_test(closed, G_FILE_TEST_EXISTS)) {
        g_test_skip("/proc is not here");
        close(file);
        return;
    }
    Call call = run(&procedure_check, closed, "caffe");
    g_autofree char *card = g_strdup(call.results[CARD].text);
    g_autofree char *cards =
        g_build_filename(g_get_user_config_dir(), "featurescope", "cards", NULL);
    g_assert_true(g_str_has_prefix(card, cards));
    fixture_call_clear(&call);
    check_classified(closed, "caffe", FALSE);
    g_assert_cmpstr(net_open(closed, NULL)->card.path, ==, card);
    net_forget();
    check_classified(closed, "caffe", FALSE);

    /* The same name and other bytes: another model. */
    g_autofree char *other = telling_net(1, "other.onnx"), *bytes = NULL;
    gsize size;
    g_assert_true(g_file_get_contents(other, &bytes, &size, NULL));
    g_assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
    int second;
    close(file);
    g_autofree char *again = read_only(path, &second);
    g_assert_cmpstr(again, ==, closed);
    net_forget();
    check_classified(again, "unit", TRUE);
    close(second);
    g_unlink(card);
}

/* Root may write everywhere, so it becomes nobody for a while. */
static void
be_nobody(gboolean nobody)
{
    g_autofree char *folder = fixture_path("");
    if (geteuid() == 0)
        g_chmod(folder, 0777);
    if (getuid() == 0)
        g_assert_cmpint(seteuid(nobody ? 65534 : 0), ==, 0);
}

static void
a_card_that_cannot_be_changed_is_said_so(void)
{
    g_autofree char *folder = fixture_path("closed"), *card = NULL;
    g_autofree char *cards =
        g_build_filename(g_get_user_config_dir(), "featurescope", "cards", NULL);
    g_mkdir(folder, 0755);
    g_autofree char *path = telling_net(3, "closed/net.onnx");
    g_autofree char *model = g_strconcat("model=", path, NULL);
    Photo photo = red_photo();
    fixture_write("closed/net.ini", "[model]\nname=Silent\n");
    g_autofree char *above = g_path_get_dirname(cards);
    g_mkdir_with_parents(cards, 0777);
    g_chmod(above, 0777);
    g_chmod(cards, 0777);
    g_chmod(folder, 0555);
    be_nobody(TRUE);
    Call call = run(&procedure_check, path, "caffe");
    g_assert_true(g_str_has_prefix(call.results[CARD].text, cards));
    card = g_strdup(call.results[CARD].text);
    fixture_call_clear(&call);
    check_classified(path, "caffe", FALSE); /* what the card beside is silent about */
    g_assert_cmpstr(net_open(path, NULL)->card.name, ==, "Silent");

    be_nobody(FALSE);
    g_chmod(folder, 0755);
    fixture_write("closed/net.ini", "[input]\nrange=0;1\n");
    g_chmod(folder, 0555);
    be_nobody(TRUE);
    net_forget();
    check_classified(path, "unit", FALSE); /* the model's own folder comes first */
    fixture_refused(&procedure_check, &photo, PROCEDURE_ERROR_FAILED, "cannot be changed",
                    model, "use=caffe", NULL);
    be_nobody(FALSE);
    g_chmod(folder, 0755);
    g_unlink(card);
    fixture_free(&photo);
}

static void
what_cannot_be_is_refused(void)
{
    g_autofree char *gray = telling_net(1, "gray.onnx");
    g_autofree char *model = g_strconcat("model=", gray, NULL);
    Photo photo = red_photo();
    fixture_refused(&procedure_check, &photo, PROCEDURE_ERROR_INPUT, "cannot be fed as",
                    model, "use=imagenet", NULL);
    fixture_refused(&procedure_check, &photo, PROCEDURE_ERROR_INPUT,
                    "belongs to Featurescope", "use=imagenet", NULL);
    fixture_refused(&procedure_check, &photo, PROCEDURE_ERROR_INPUT, "use", model,
                    "use=nothing", NULL);
    g_autofree char *text = NULL, *card = card_file_beside(gray);
    fixture_write("gray.ini", "no card\n");
    fixture_refused(&procedure_check, &photo, PROCEDURE_ERROR_INPUT, "cannot be read",
                    model, "use=unit", NULL);
    g_assert_true(g_file_get_contents(card, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "no card\n");
    g_unlink(card);
    fixture_free(&photo);
}

static void
whole_numbers_get_bytes(void)
{
    Call call = run(&procedure_check,
                    SOURCE_ROOT "/tests/data/foreign/bytes-uint8-nhwc/model.onnx", NULL);
    g_assert_cmpstr(call.results[CONVENTIONS].texts[0], ==, "bytes");
    g_assert_cmpstr(call.results[CONVENTIONS].texts[1], ==, "bytes-bgr");
    g_assert_null(call.results[CONVENTIONS].texts[2]);
    g_assert_cmpstr(call.results[USED].text, ==, "bytes");
    fixture_call_clear(&call);
}

/* The argument "use" is one table, the conventions another. */
static void
every_convention_can_be_asked_for(void)
{
    const Param *use = NULL;
    for (gsize i = 0; i < procedure_check.n_params; i++)
        if (g_str_equal(procedure_check.params[i].name, "use"))
            use = &procedure_check.params[i];
    g_assert_nonnull(use);
    for (const Convention *one = conventions; one->nick; one++) {
        gboolean found = FALSE;
        for (const ParamChoice *choice = use->choices; choice->nick; choice++)
            found = found || g_str_equal(choice->nick, one->nick);
        g_assert_true(found);
    }
    for (const ParamChoice *choice = use->choices + 1; choice->nick; choice++)
        g_assert_true(convention_find(choice->nick, 1) ||
                      convention_find(choice->nick, 3));
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/check/rows", each_row_is_fed_as_it_says);
    g_test_add_func("/check/use", one_choice_is_kept);
    g_test_add_func("/check/keeps", the_rest_of_a_card_stays);
    g_test_add_func("/check/users-folder",
                    where_nothing_can_be_written_the_users_folder_has_the_card);
    g_test_add_func("/check/read-only", a_card_that_cannot_be_changed_is_said_so);
    g_test_add_func("/check/refused", what_cannot_be_is_refused);
    g_test_add_func("/check/integers", whole_numbers_get_bytes);
    g_test_add_func("/check/choices", every_convention_can_be_asked_for);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
