/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ahead.c: what a dialog shows of an occlusion beforehand is what the run makes. */
#include "actions/occlusion/ahead.h"
#include "actions/occlusion/kept.h"
#include "plugin/fixture/fixture.h"
#include <math.h>
#include <string.h>

#define PATIENCE (300 * G_USEC_PER_SEC) /* with sanitizers, where others compute */

typedef struct {
    char *model, *argument;
    Photo photo;
    HostItem *drawable;
    ParamValues *values;
    Run run;
    int came;
    Ahead *ahead;
} Setting;

static void
changed(void *user)
{
    ((Setting *)user)->came++;
}

/* A pixel of the photo is one of the network's, and one cell of a map. */
static void
set_up(Setting *setting, gconstpointer data)
{
    (void)data;
    setting->model = fixture_scoring_net();
    setting->argument = g_strconcat("model=", setting->model, NULL);
    setting->photo = fixture_noise(8, 8);
    setting->drawable = setting->photo.photo;
    setting->values =
        param_values_new(procedure_occlusion.params, procedure_occlusion.n_params);
    param_set_text(setting->values, "model", setting->model);
    param_set_int(setting->values, "size", 2);
    param_set_int(setting->values, "step", 1);
    param_set_bool(setting->values, "smooth", FALSE);
    param_set_bool(setting->values, "legend", FALSE);
    param_set_double(setting->values, "opacity", 100);
    setting->run = (Run){.image = setting->photo.image,
                         .drawables = &setting->drawable,
                         .n_drawables = 1,
                         .values = setting->values};
    setting->ahead = ahead_new(changed, setting);
}

static void
tear_down(Setting *setting, gconstpointer data)
{
    (void)data;
    ahead_free(setting->ahead);
    param_values_free(setting->values);
    fixture_free(&setting->photo);
    g_free(setting->argument);
    g_free(setting->model);
}

static void
ask(Setting *setting)
{
    GError *error = NULL;
    ahead_ask(setting->ahead, &setting->run, &error);
    g_assert_no_error(error);
}

/* Until nothing more is to come. */
static void
wait(Setting *setting)
{
    gint64 end = g_get_monotonic_time() + PATIENCE;
    while ((ahead_works(setting->ahead) || g_main_context_pending(NULL)) &&
           g_get_monotonic_time() < end)
        if (!g_main_context_iteration(NULL, FALSE))
            g_usleep(200);
    g_assert_false(ahead_works(setting->ahead));
}

static const AheadMap *
map_at(const Setting *setting, guint index)
{
    const GPtrArray *maps = ahead_maps(setting->ahead);
    g_assert_nonnull(maps);
    g_assert_cmpuint(index, <, maps->len);
    return g_ptr_array_index(maps, index);
}

/* Each byte of the picture is the layer's value, rounded. */
static void
check_pixels(const AheadMap *map, HostItem *layer)
{
    const unsigned char *data = cairo_image_surface_get_data(map->picture);
    int stride = cairo_image_surface_get_stride(map->picture);
    float *pixels = memory_item_get(layer);
    g_assert_cmpint(cairo_image_surface_get_width(map->picture), ==, 8);
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 8; x++) {
            guint32 pixel;
            memcpy(&pixel, data + y * stride + 4 * x, sizeof pixel);
            for (int c = 0; c < 3; c++)
                g_assert_cmpfloat_with_epsilon(
                    (double)(pixel >> (16 - 8 * c) & 255) / 255,
                    (double)pixels[4 * (8 * y + x) + c], 1.01 / 255);
        }
    g_free(pixels);
}

/* The layer of the run whose name begins so. */
static HostItem *
layer_called(const Setting *setting, const char *begin)
{
    for (guint i = 0; i < memory_image_count(setting->photo.image); i++) {
        HostItem *item = memory_image_item(setting->photo.image, i);
        if (g_str_has_prefix(item->name, begin))
            return item;
    }
    g_error("there is no layer \"%s...\"", begin);
}

static void
all_four_are_as_the_run_makes_them(Setting *setting, gconstpointer data)
{
    static const char *const titles[] = {"Activity", "Projection", "P(", "Class map"};
    (void)data;
    param_set_text(setting->values, "show", "all");
    ask(setting);
    wait(setting);
    g_assert_cmpuint(ahead_maps(setting->ahead)->len, ==, 4);
    Call call = fixture_call(&procedure_occlusion, &setting->photo, setting->argument,
                             "show=all", "size=2", "step=1", "smooth=false",
                             "legend=false", "opacity=100", NULL);
    for (guint i = 0; i < G_N_ELEMENTS(titles); i++) {
        const AheadMap *map = map_at(setting, i);
        g_assert_true(g_str_has_prefix(map->title, titles[i]));
        check_pixels(map, layer_called(setting, map->name));
    }
    fixture_call_clear(&call);
}

static void
the_class_map_is_not_the_probability(Setting *setting, gconstpointer data)
{
    (void)data;
    param_set_text(setting->values, "show", "class");
    ask(setting);
    wait(setting);
    g_assert_cmpuint(ahead_maps(setting->ahead)->len, ==, 1);
    g_assert_cmpstr(map_at(setting, 0)->title, ==, "Class map");
}

static void
each_label_has_a_map_up_to_four(Setting *setting, gconstpointer data)
{
    (void)data;
    param_set_text(setting->values, "labels", "0; 2");
    ask(setting);
    wait(setting);
    g_assert_cmpuint(ahead_maps(setting->ahead)->len, ==, 2);
    param_set_text(setting->values, "labels", "0; 1; 2; 0; 1");
    ask(setting);
    wait(setting);
    g_assert_cmpuint(ahead_maps(setting->ahead)->len, ==, AHEAD_MOST);
}

/* What is asked for last is shown, whatever was under way. */
static void
a_new_question_takes_the_place_of_the_last(Setting *setting, gconstpointer data)
{
    (void)data;
    param_set_text(setting->values, "show", "all");
    ask(setting);
    param_set_text(setting->values, "show", "activity");
    ask(setting);
    g_assert_null(ahead_maps(setting->ahead));
    wait(setting);
    g_assert_cmpuint(ahead_maps(setting->ahead)->len, ==, 1);
    g_assert_true(g_str_has_prefix(map_at(setting, 0)->title, "Activity"));
    ahead_free(setting->ahead); /* also while one is under way */
    setting->ahead = ahead_new(changed, setting);
    ask(setting);
}

static bool
count(double done, void *user)
{
    (void)done;
    ++*(int *)user;
    return true;
}

/* How often a run of the same values, but for those that a test changes, asked whether to
 * go on: 0 if nothing ran. The maps are those of dcn_occlude(). */
static int
asked(OcclusionKept *kept, Net *net, const DcnOcclusion *options, const float *input)
{
    int n = 0;
    DcnProgress progress = {count, &n};
    const DcnOcclusionMaps *maps;
    GError *error = NULL;
    occlusion_kept_run(kept, net, 1, options, input, &maps, &progress, &error);
    g_assert_no_error(error);
    DcnOcclusionMaps anew;
    DcnContext *context = dcn_context_new(1, NULL);
    g_assert_true(dcn_occlude(net->model, context, options, input, &anew, NULL, NULL));
    gsize cells = anew.rows * anew.columns;
    g_assert_cmpmem(maps->score, maps->rows * maps->columns * maps->classes * 4,
                    anew.score, cells * anew.classes * 4);
    g_assert_cmpmem(maps->activity, maps->rows * maps->columns * 4, anew.activity,
                    cells * 4);
    dcn_occlusion_maps_free(&anew);
    dcn_context_free(context);
    return n;
}

static void
the_same_square_is_not_run_again(Setting *setting, gconstpointer data)
{
    GError *error = NULL;
    (void)data;
    Net *net = net_open(setting->model, &error);
    g_assert_no_error(error);
    gsize values = net_input_count(net);
    float *fill = g_new0(float, values), *input = g_new0(float, values);
    for (gsize i = 0; i < values; i++)
        input[i] = (float)(i % 11) / 11;
    DcnOcclusion options = {.size = 2,
                            .step = 1,
                            .fill = fill,
                            .channel = -1,
                            .height = net->height,
                            .width = net->width,
                            .survey = net_survey(net, NULL)};
    OcclusionKept *kept = occlusion_kept_new();
    g_assert_cmpint(asked(kept, net, &options, input), >, 0);
    g_assert_cmpint(asked(kept, net, &options, input), ==, 0);
    options.size = 3;
    g_assert_cmpint(asked(kept, net, &options, input), >, 0);
    options.step = 2;
    g_assert_cmpint(asked(kept, net, &options, input), >, 0);
    options.channel = 1;
    g_assert_cmpint(asked(kept, net, &options, input), >, 0);
    fill[3] = 1;
    g_assert_cmpint(asked(kept, net, &options, input), >, 0);
    input[5] = 1;
    g_assert_cmpint(asked(kept, net, &options, input), >, 0);
    g_assert_cmpint(asked(kept, net, &options, input), ==, 0);
    occlusion_kept_free(kept);
    g_free(input);
    g_free(fill);
}

static void
wrong_values_are_told(Setting *setting, gconstpointer data)
{
    GError *error = NULL;
    (void)data;
    param_set_text(setting->values, "labels", "no such label");
    g_assert_false(ahead_ask(setting->ahead, &setting->run, &error));
    g_assert_nonnull(error);
    g_clear_error(&error);
    param_set_text(setting->values, "show", "activity");
    param_set_int(setting->values, "map", 1000);
    ask(setting);
    wait(setting);
    g_assert_null(ahead_maps(setting->ahead));
    g_assert_nonnull(ahead_error(setting->ahead));
}

#define ADD(name, function)                                                              \
    g_test_add("/ahead/" name, Setting, NULL, set_up, function, tear_down)

/* Map 1 of the red net is never above zero. */
static void
a_silent_map_says_so(Setting *setting, gconstpointer data)
{
    (void)data;
    g_autofree char *model = fixture_red_net();
    param_set_text(setting->values, "model", model);
    param_set_text(setting->values, "show", "all");
    param_set_text(setting->values, "layer", "maps");
    for (int map = 0; map < 2; map++) {
        param_set_int(setting->values, "map", map);
        ask(setting);
        wait(setting);
        const char *activity = map_at(setting, 0)->remark;
        const char *projection = map_at(setting, 1)->remark;
        if (map == 0) {
            g_assert_null(activity);
            g_assert_null(projection);
        } else {
            g_assert_cmpstr(
                activity, ==,
                "map 1 · maps · activity is 0 wherever the square lies: the map has one colour.");
            g_assert_true(
                g_str_has_prefix(projection, "The unit of map 1 of maps is silent"));
        }
    }
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    ADD("all", all_four_are_as_the_run_makes_them);
    ADD("class", the_class_map_is_not_the_probability);
    ADD("labels", each_label_has_a_map_up_to_four);
    ADD("again", a_new_question_takes_the_place_of_the_last);
    ADD("kept", the_same_square_is_not_run_again);
    ADD("silent", a_silent_map_says_so);
    ADD("wrong", wrong_values_are_told);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
