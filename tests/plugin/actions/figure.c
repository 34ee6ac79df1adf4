/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure.c: tests of finished figures: groups, names, words, and that panels show what the
 * ordinary results show. */
#include "plugin/fixture/fixture.h"
#include <math.h>
#include <string.h>

/* A figure of this width and two or four panels has panels as wide as the photo, so that
 * pixels can be compared. */
#define WIDTH "figure-width=400"
#define SIDE 185

static void
set_up(RedCase *setting, gconstpointer data)
{
    (void)data;
    fixture_red_case(setting);
    setting->photo = fixture_noise(SIDE, SIDE);
}

/* The group of this name; NULL: none. */
static HostItem *
group_of(HostImage *image, const char *name)
{
    for (guint i = 0; i < image->layers->len; i++) {
        HostItem *item = g_ptr_array_index(image->layers, i);
        if (g_str_equal(item->name, name))
            return item;
    }
    g_test_message("no “%s”", name);
    return NULL;
}

/* A layer of a group by the begin of its name, without the panel's letter. */
static HostItem *
layer_of(HostImage *image, const char *group, const char *name)
{
    HostItem *found = group_of(image, group);
    for (guint i = 0; found && i < found->children->len; i++) {
        HostItem *item = g_ptr_array_index(found->children, i);
        gboolean lettered = strncmp(item->name, group, 4) == 0; /* "(a) " */
        if (g_str_has_prefix(item->name + (lettered ? 4 : 0), name))
            return item;
    }
    g_test_message("no “%s” in “%s”", name, group);
    return NULL;
}

/* Pixels that differ by what one of 8 bits rounds away are the same. */
static void
check_same(HostItem *item, HostItem *other)
{
    g_assert_nonnull(item);
    g_assert_cmpint(item->rect.width, ==, other->rect.width);
    g_assert_cmpint(item->rect.height, ==, other->rect.height);
    g_assert_cmpfloat(item->opacity, ==, other->opacity);
    float *a = memory_item_get(item), *b = memory_item_get(other);
    gsize count = 4 * (gsize)item->rect.width * (gsize)item->rect.height;
    for (gsize i = 0; i < count; i++)
        g_assert_cmpfloat_with_epsilon(a[i], b[i], 0.501 / 255);
    g_free(a);
    g_free(b);
}

/* The image of a figure; the photo's own is as it was. */
static HostImage *
image_of(const Call *call, const Photo *photo)
{
    HostImage *image = call->results[1].image;
    g_assert_true(call->ok);
    g_assert_true(image != photo->image);
    g_assert_true(image->shown);
    g_assert_cmpint(photo->image->undo_steps, ==, 0);
    g_assert_cmpuint(memory_image_count(photo->image), ==, 1);
    /* Caption above paper, at the bottom. */
    HostItem *paper = g_ptr_array_index(image->layers, image->layers->len - 1);
    HostItem *caption = g_ptr_array_index(image->layers, image->layers->len - 2);
    g_assert_cmpint(paper->rect.width, ==, image->width);
    g_assert_cmpint(paper->rect.height, ==, image->height);
    g_assert_cmpstr(caption->name, ==, "Caption");
    g_assert_nonnull(strstr(caption->words, "Model: Red"));
    g_assert_cmpuint(call->results[0].n_items + image->layers->len - 2, ==,
                     memory_image_count(image));
    return image;
}

static const char *
caption_of(HostImage *image)
{
    return ((HostItem *)g_ptr_array_index(image->layers, image->layers->len - 2))->words;
}

static void
check_contains(const char *text, const char *part)
{
    if (!strstr(text, part))
        g_error("no “%s” in “%s”", part, text);
}

static void
an_occlusion_has_the_panels_of_figure_7(RedCase *setting, gconstpointer data)
{
    (void)data;
    Call call = fixture_call(&procedure_occlusion, &setting->photo, setting->argument,
                             "show=all", "labels=red;green", "layer=maps", "size=2",
                             "step=2", "fit=stretch", "target=figure", WIDTH, NULL);
    HostImage *image = image_of(&call, &setting->photo);
    static const char *const groups[] = {
        "(a) Photo",
        "(b) Activity of map 0",
        "(c) Projection of map 0",
        "(d) Probability of “red”",
        "(e) Probability of “green”",
        "(f) Most probable class",
    };
    g_assert_cmpint(image->width, ==, 400);
    g_assert_cmpuint(image->layers->len, ==, G_N_ELEMENTS(groups) + 2);
    for (guint i = 0; i < G_N_ELEMENTS(groups); i++) {
        HostItem *group = g_ptr_array_index(image->layers, i);
        g_assert_cmpstr(group->name, ==, groups[i]);
        g_assert_cmpint(group->kind, ==, HOST_GROUP);
    }
    HostItem *title = layer_of(image, "(d) Probability of “red”", "Title");
    g_assert_nonnull(title->words);
    g_assert_cmpfloat(title->letter, ==, 10);
    HostItem *note = layer_of(image, "(a) Photo", "Note");
    check_contains(note->words, "P(red)");
    g_assert_nonnull(layer_of(image, "(a) Photo", "Frame"));
    g_assert_nonnull(layer_of(image, "(d) Probability of “red”", "Colours"));
    HostItem *heat = layer_of(image, "(d) Probability of “red”", "P(red)");
    g_assert_nonnull(heat->parasite);
    g_assert_cmpfloat(heat->opacity, ==, 65);
    g_assert_false(heat->hidden);
    check_contains(caption_of(image), "Layer: maps");
    check_contains(caption_of(image), "Square: 2 of 8 × 8 pixels, step 2");
    check_contains(caption_of(image), "Fit: Stretch");
    host_image_delete(image);
    fixture_call_clear(&call);
}

static void
a_heat_map_is_the_ordinary_one(RedCase *setting, gconstpointer data)
{
    (void)data;
    Call figure =
        fixture_call(&procedure_occlusion, &setting->photo, setting->argument,
                     "labels=red", "size=2", "step=2", "target=figure", WIDTH, NULL);
    HostImage *image = image_of(&figure, &setting->photo);
    Call call = fixture_call(&procedure_occlusion, &setting->photo, setting->argument,
                             "labels=red", "size=2", "step=2", "legend=false", NULL);
    const char *group = "(b) Probability of “red”";
    check_same(layer_of(image, group, "P(red)"), call.results[0].items[0]);
    check_same(layer_of(image, group, "photo"), setting->photo.photo);
    check_same(layer_of(image, "(a) Photo", "photo"), setting->photo.photo);
    host_image_delete(image);
    fixture_call_clear(&figure);
    fixture_call_clear(&call);
}

static void
a_projection_is_the_ordinary_one_and_its_field_is_enlarged(RedCase *setting,
                                                           gconstpointer data)
{
    (void)data;
    /* A whole map has no field. */
    Call figure = fixture_call(&procedure_project, &setting->photo, setting->argument,
                               "layer=maps", "unit=map", "target=figure", WIDTH, NULL);
    HostImage *image = image_of(&figure, &setting->photo);
    g_assert_cmpuint(image->layers->len, ==, 4);
    host_image_delete(image);
    fixture_call_clear(&figure);

    figure = fixture_call(&procedure_project, &setting->photo, setting->argument,
                          "layer=maps", "target=figure", WIDTH, NULL);
    image = image_of(&figure, &setting->photo);
    Call call = fixture_call(&procedure_project, &setting->photo, setting->argument,
                             "layer=maps", NULL);
    HostItem *projection = layer_of(image, "(b) Projection of map 0", "map 0");
    check_same(projection, call.results[0].items[0]);
    g_assert_nonnull(projection->parasite);
    g_assert_nonnull(layer_of(image, "(c) What the unit sees", "photo"));
    HostItem *field = layer_of(image, "(d) Map 0, enlarged", "map 0");
    g_assert_cmpint(field->rect.width, ==, SIDE);
    g_assert_nonnull(layer_of(image, "(a) Photo", "Frame"));
    check_contains(caption_of(image), "Layer: maps · Method: Deconvnet");
    host_image_delete(image);
    fixture_call_clear(&figure);
    fixture_call_clear(&call);
}

static void
evidence_has_bars(RedCase *setting, gconstpointer data)
{
    (void)data;
    g_autofree char *model = fixture_scoring_net();
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    Call figure =
        fixture_call(&procedure_evidence, &setting->photo, argument, "layer=maps",
                     "label=red", "count=1", "target=figure", WIDTH, NULL);
    HostImage *image = image_of(&figure, &setting->photo);
    HostItem *first = g_ptr_array_index(image->layers, 1);
    g_assert_cmpmem(first->name, 13, "(b) For: map ", 13);
    HostItem *label = layer_of(image, first->name, "Probability");
    g_assert_nonnull(label->words);
    g_assert_nonnull(layer_of(image, first->name, "Score"));
    check_contains(caption_of(image), "Evidence for “red”");
    host_image_delete(image);
    fixture_call_clear(&figure);
}

static void
what_if_shows_before_and_after(RedCase *setting, gconstpointer data)
{
    (void)data;
    GeglRectangle part = {20, 20, 60, 60};
    memory_select(setting->photo.image, &part);
    Call figure = fixture_call(&procedure_whatif, &setting->photo, setting->argument,
                               "label=red", "target=figure", WIDTH, NULL);
    HostImage *image = image_of(&figure, &setting->photo);
    g_assert_cmpuint(image->layers->len, ==, 4);
    g_assert_nonnull(layer_of(image, "(a) Before", "Frame"));
    g_assert_nonnull(layer_of(image, "(a) Before", "red"));
    HostItem *after = layer_of(image, "(b) Without the selection", "Filled");
    float *rgba = memory_item_get(after);
    const float *middle = rgba + 4 * (50 * SIDE + 50), *corner = rgba + 4 * (180 * SIDE);
    g_assert_cmpfloat_with_epsilon(middle[0], 0.5f, 0.01);
    g_assert_cmpfloat_with_epsilon(middle[3], 1, 0.01);
    g_assert_cmpfloat_with_epsilon(corner[3], 0, 0.01);
    g_free(rgba);
    host_image_delete(image);
    fixture_call_clear(&figure);

    g_autofree char *model = fixture_scoring_net();
    g_autofree char *argument = g_strconcat("model=", model, NULL);
    figure = fixture_call(&procedure_whatif, &setting->photo, argument, "label=red",
                          "remove=layers", "target=figure", WIDTH, NULL);
    image = image_of(&figure, &setting->photo);
    g_assert_nonnull(layer_of(image, "(b) “red” without a layer", "maps"));
    host_image_delete(image);
    fixture_call_clear(&figure);
}

static void
an_image_that_cannot_be_made_leaves_nothing(RedCase *setting, gconstpointer data)
{
    (void)data;
    const Procedure *procedure = &procedure_project;
    ParamValues *values = param_values_new(procedure->params, procedure->n_params);
    ResultValue results[5] = {{0}};
    Run run = {.image = setting->photo.image,
               .drawables = &setting->photo.photo,
               .n_drawables = 1,
               .values = values,
               .results = results};
    param_set_text(values, "model", setting->model);
    param_set_text(values, "target", "figure");
    for (int reading = 0; reading < 2; reading++) {
        GError *error = NULL;
        memory_host_reset();
        memory_host()->fail_add = !reading;
        memory_host()->fail_read = reading;
        g_assert_false(procedure_call(procedure, &run, &error));
        g_assert_nonnull(strstr(error->message, "as told"));
        g_assert_null(results[0].items);
        g_assert_null(results[1].image);
        g_assert_cmpuint(memory_image_count(setting->photo.image), ==, 1);
        g_assert_cmpint(memory_host()->progress_open, ==, 0);
        g_clear_error(&error);
    }
    param_values_free(values);
}

#define TEST(name, function)                                                             \
    g_test_add("/figure/" name, RedCase, NULL, set_up, function, fixture_red_case_end)

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    TEST("occlusion", an_occlusion_has_the_panels_of_figure_7);
    TEST("heat", a_heat_map_is_the_ordinary_one);
    TEST("projection", a_projection_is_the_ordinary_one_and_its_field_is_enlarged);
    TEST("evidence", evidence_has_bars);
    TEST("whatif", what_if_shows_before_and_after);
    TEST("fails", an_image_that_cannot_be_made_leaves_nothing);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
