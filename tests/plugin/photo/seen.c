/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seen.c: what of a photo is looked at, in words and as a small picture. */
#include "photo/seen.h"
#include "check.h"
#include "net/net.h"
#include "plugin/fixture/fixture.h"
#include <string.h>

/* A wide photo, and a run of an action on it. */
typedef struct {
    Photo photo;
    HostItem *drawables[2];
    ParamValues *values;
    Net net; /* its size is all that is asked for */
    Run run;
} Looking;

static const Param params[] = {SEEN_FIT};

static Looking *
looking_new(void)
{
    Looking *looking = g_new0(Looking, 1);
    looking->photo = fixture_photo(80, 40);
    fixture_dot(&looking->photo, 79, 0, 1, 1, 1);
    fixture_done(&looking->photo);
    looking->net = (Net){.height = 8, .width = 8};
    looking->values = param_values_new(params, G_N_ELEMENTS(params));
    looking->drawables[0] = looking->drawables[1] = looking->photo.photo;
    looking->run = (Run){.image = looking->photo.image,
                         .drawables = looking->drawables,
                         .n_drawables = 1,
                         .values = looking->values};
    return looking;
}

static void
looking_free(Looking *looking)
{
    fixture_free(&looking->photo);
    param_values_free(looking->values);
    g_free(looking);
}

static void
select_box(Looking *looking, int x, int y, int width, int height)
{
    GeglRectangle rect = {x, y, width, height};
    memory_select(looking->photo.image, &rect);
}

static void
check_words(Looking *looking, ProcedureLook look, const char *first, const char *second)
{
    Region region;
    GError *error = NULL;
    if (!seen_region(&looking->run, look, &looking->net, &region, &error)) {
        check_fail("%s", error->message);
        g_error_free(error);
        return;
    }
    char *words = seen_words(&looking->run, look, &region);
    char *wanted = g_strdup_printf("%s\n%s", first, second);
    check_same_text(words, wanted);
    g_free(wanted);
    g_free(words);
}

static void
check_refused(Looking *looking, ProcedureLook look, const char *part)
{
    Region region;
    GError *error = NULL;
    check(!seen_region(&looking->run, look, &looking->net, &region, &error),
          "there is nothing to look at");
    if (error)
        check_text(error->message, part);
    g_clear_error(&error);
}

static void
words_tell_the_layer_or_the_selection_and_what_the_network_sees_of_it(void)
{
    Looking *looking = looking_new();
    check_words(looking, LOOK_SEEN, "Looks at the whole layer, 80 × 40 pixels.",
                "The network sees the framed 40 × 40 pixels.");
    param_set_text(looking->values, "fit", "stretch");
    check_words(looking, LOOK_SEEN, "Looks at the whole layer, 80 × 40 pixels.",
                "The network sees all of it.");
    param_set_text(looking->values, "fit", "pad");
    check_words(looking, LOOK_SEEN, "Looks at the whole layer, 80 × 40 pixels.",
                "The network sees all of it, with bars.");
    select_box(looking, 10, 10, 10, 20);
    check_words(looking, LOOK_SEEN, "Looks at the selection, 10 × 20 pixels.",
                "The network sees all of it, with bars.");
    param_set_text(looking->values, "fit", "crop");
    check_words(looking, LOOK_SEEN, "Looks at the selection, 10 × 20 pixels.",
                "The network sees the framed 10 × 10 pixels.");
    looking_free(looking);
}

static void
a_selection_that_marks_a_part_does_not_change_what_is_seen(void)
{
    Looking *looking = looking_new();
    check_refused(looking, LOOK_PART, "Nothing is selected");
    select_box(looking, 10, 10, 10, 20);
    check_words(looking, LOOK_PART, "The selection, 10 × 20 pixels, marks the part.",
                "The network sees the framed 40 × 40 pixels.");
    looking_free(looking);
}

static void
of_several_layers_the_first_is_told(void)
{
    Looking *looking = looking_new();
    looking->run.n_drawables = 2;
    check_words(looking, LOOK_SEEN,
                "Looks at 2 layers; here is the first.\n"
                "Looks at the whole layer, 80 × 40 pixels.",
                "The network sees the framed 40 × 40 pixels.");
    looking_free(looking);
}

static void
a_mask_a_channel_and_a_group_are_called_so(void)
{
    static const struct {
        HostKind kind;
        const char *words;
    } kinds[] = {{HOST_MASK, "Looks at the whole layer mask, 80 × 40 pixels."},
                 {HOST_CHANNEL, "Looks at the whole channel, 80 × 40 pixels."},
                 {HOST_GROUP, "Looks at the whole layer group, 80 × 40 pixels."}};
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        Looking *looking = looking_new();
        looking->drawables[0] =
            kinds[i].kind == HOST_GROUP
                ? memory_group_new(looking->photo.photo, "group")
                : memory_channel_new(looking->photo.image, "other", kinds[i].kind);
        check_words(looking, LOOK_SEEN, kinds[i].words,
                    "The network sees the framed 40 × 40 pixels.");
        looking_free(looking);
    }
}

static void
a_selection_beside_the_layer_leaves_nothing(void)
{
    Looking *looking = looking_new();
    looking->photo.photo->rect.x = 20;
    select_box(looking, 0, 0, 10, 10);
    check_refused(looking, LOOK_SEEN, "lies outside the layer");
    check_refused(looking, LOOK_PART, "lies outside the layer");
    looking_free(looking);
}

static void
the_key_changes_with_what_is_looked_at_and_with_nothing_else(void)
{
    Looking *looking = looking_new();
    char *first = seen_key(&looking->run), *same = seen_key(&looking->run);
    select_box(looking, 10, 10, 10, 20);
    char *selected = seen_key(&looking->run);
    param_set_text(looking->values, "fit", "pad");
    char *padded = seen_key(&looking->run);
    looking->photo.photo->rect.x = 5;
    char *moved = seen_key(&looking->run);
    check_same_text(first, same);
    check(!g_str_equal(first, selected), "another selection");
    check(!g_str_equal(selected, padded), "another fit");
    check(!g_str_equal(padded, moved), "another place");
    g_free(moved);
    g_free(padded);
    g_free(selected);
    g_free(same);
    g_free(first);
    looking_free(looking);
}

/* Four times smaller: the white corner is a sixteenth of its pixel. */
static void
the_small_picture_is_all_of_the_layer(void)
{
    int width, height;
    GError *error = NULL;
    Looking *looking = looking_new();
    select_box(looking, 10, 10, 10, 20);
    float *rgb = seen_small(&looking->run, 20, &width, &height, &error);
    if (!rgb) {
        check_fail("%s", error->message);
    } else {
        check(width == 20 && height == 10, "in the layer's proportions");
        check_near(rgb[19 * 3], 1.0 / 16, 1e-6, "the corner");
        check_near(rgb[0], 0, 1e-6, "the rest");
    }
    g_free(rgb);
    rgb = seen_small(&looking->run, 1000, &width, &height, &error);
    check(rgb && width == 80 && height == 40, "never enlarged");
    g_free(rgb);
    g_clear_error(&error);
    looking_free(looking);
}

int
main(int argc, char **argv)
{
    static const CheckTest tests[] = {
        CHECK_TEST(words_tell_the_layer_or_the_selection_and_what_the_network_sees_of_it),
        CHECK_TEST(a_selection_that_marks_a_part_does_not_change_what_is_seen),
        CHECK_TEST(of_several_layers_the_first_is_told),
        CHECK_TEST(a_mask_a_channel_and_a_group_are_called_so),
        CHECK_TEST(a_selection_beside_the_layer_leaves_nothing),
        CHECK_TEST(the_key_changes_with_what_is_looked_at_and_with_nothing_else),
        CHECK_TEST(the_small_picture_is_all_of_the_layer),
    };
    fixture_start(&argc, &argv);
    int result = check_run(tests, G_N_ELEMENTS(tests));
    fixture_end();
    return result;
}
