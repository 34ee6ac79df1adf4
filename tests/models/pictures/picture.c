/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture.c: decoding, cutting and varying pictures; measures of answers. */

#include "check.h"
#include "models/fixture/fixture.h"
#include "pictures/augment.h"
#include "run/measure.h"
#include <stdlib.h>

static Picture *
read_bytes(const char *name, const char *bytes, gsize size, int side, GError **error)
{
    char *folder = fixture_folder();
    fixture_file(folder, name, bytes, size);
    char *path = g_build_filename(folder, name, NULL);
    Picture *picture = picture_read(path, side, error);
    g_free(path);
    fixture_remove(folder);
    return picture;
}

static void
gray_becomes_three_channels(void)
{
    GError *error = NULL;
    Picture *p = read_bytes("a.pgm", "P5\n2 1\n255\n\x0a\xc8", 13, 8, &error);
    if (check(p != NULL, error ? error->message : "")) {
        check_int(p->width, 2, "width");
        check_int(p->height, 1, "height");
        static const int wanted[] = {10, 10, 10, 200, 200, 200};
        for (int i = 0; i < 6; i++)
            check(abs(p->rgb[i] - wanted[i]) <= 1, "value");
    }
    g_free(p);
}

static void
large_pictures_become_means(void)
{
    char bytes[64] = "P5\n5 2\n255\n";
    static const guint8 pixels[] = {0, 100, 40, 80, 20, 60, 40, 0, 40, 80};
    gsize head = strlen(bytes);
    memcpy(bytes + head, pixels, sizeof pixels);
    Picture *p = read_bytes("a.pgm", bytes, head + sizeof pixels, 1, NULL);
    if (check(p != NULL, "decoded")) {
        check_int(p->width, 3, "the last column is half a pixel");
        check_int(p->height, 1, "height");
        check(abs(p->rgb[0] - 50) <= 1 && abs(p->rgb[3] - 40) <= 1 &&
                  abs(p->rgb[6] - 50) <= 1,
              "means of 2 x 2, 2 x 2 and 1 x 2 pixels");
    }
    g_free(p);
}

static void
what_is_no_picture_is_named(void)
{
    GError *error = NULL;
    check(!read_bytes("odd.jpg", "no picture at all", 17, 8, &error), "no picture");
    check_text(error->message, "odd.jpg");
    g_clear_error(&error);
    check(!read_bytes("cut.jpg", "\xff\xd8\xff\xe0", 4, 8, &error), "cut off");
    check_text(error->message, "cut.jpg");
    g_clear_error(&error);
}

static Picture *
ramp(int width, int height)
{
    Picture *p = g_malloc(sizeof *p + (gsize)(width * height * 3));
    p->width = width;
    p->height = height;
    for (int i = 0; i < width * height * 3; i++)
        p->rgb[i] = (guint8)(i * 7 % 256);
    return p;
}

static void
a_cut_of_the_same_size_is_the_picture(void)
{
    Picture *p = ramp(4, 4);
    float got[48], wanted[48];
    Scratch scratch = {0};
    Cut cut = picture_centre(p);
    picture_cut(p, &cut, FALSE, 4, got, &scratch);
    for (int i = 0; i < 48; i++)
        wanted[i] = (float)p->rgb[i] / 255;
    check_floats(got, wanted, 48, 1e-6);

    picture_cut(p, &cut, TRUE, 4, got, &scratch);
    for (int y = 0; y < 4; y++)
        for (int x = 0; x < 4; x++)
            check_floats(got + 3 * (4 * y + x), wanted + 3 * (4 * y + 3 - x), 3, 1e-6);
    scratch_clear(&scratch);
    g_free(p);
}

static void
the_centre_is_the_largest_square(void)
{
    Picture wide = {.width = 10, .height = 4};
    Cut cut = picture_centre(&wide);
    check(cut.left == 3 && cut.top == 0 && cut.width == 4 && cut.height == 4, "10 x 4");
}

static void
any_cut_of_a_flat_picture_is_flat(void)
{
    Picture *p = ramp(9, 7);
    memset(p->rgb, 51, 9 * 7 * 3);
    static const Cut cuts[] = {{0, 0, 9, 7}, {8.5, 6.5, 0.5, 0.5}, {0, 0, 0.3, 7}};
    float got[3 * 25], wanted[3 * 25];
    Scratch scratch = {0};
    for (int i = 0; i < 75; i++)
        wanted[i] = 0.2F;
    for (gsize i = 0; i < G_N_ELEMENTS(cuts); i++) {
        picture_cut(p, &cuts[i], FALSE, 5, got, &scratch);
        check_floats(got, wanted, 75, 1e-6);
        picture_cut(p, &cuts[i], FALSE, 2, got, &scratch);
        check_floats(got, wanted, 12, 1e-6);
    }
    scratch_clear(&scratch);
    g_free(p);
}

static void
without_variation_the_centre_is_seen(void)
{
    Recipe recipe = {.crop = {1, 1}, .ratio = {1, 1}};
    Picture *p = ramp(8, 4);
    float got[48], wanted[48];
    Scratch scratch = {0};
    DcnRandom random = dcn_random_seed(1, 1);
    Cut cut = picture_centre(p);
    augment_picture(&recipe, p, &random, 4, got, &scratch);
    picture_cut(p, &cut, FALSE, 4, wanted, &scratch);
    check_floats(got, wanted, 48, 0);
    scratch_clear(&scratch);
    g_free(p);
}

static void
variations_differ_and_repeat(void)
{
    Recipe recipe = {.crop = {0.3, 0.9},
                     .ratio = {0.75, 1.33},
                     .flip = 0.5,
                     .gray = 0.2,
                     .brightness = 0.4,
                     .contrast = 0.4,
                     .saturation = 0.4};
    Picture *p = ramp(12, 12);
    float a[48], b[48], c[48];
    Scratch scratch = {0};
    DcnRandom first = dcn_random_seed(1, 1), again = first, other = dcn_random_seed(1, 2);
    augment_picture(&recipe, p, &first, 4, a, &scratch);
    augment_picture(&recipe, p, &again, 4, b, &scratch);
    augment_picture(&recipe, p, &other, 4, c, &scratch);
    check(memcmp(a, b, sizeof a) == 0, "the same numbers, the same picture");
    check(memcmp(a, c, sizeof a) != 0, "other numbers, another one");
    for (int i = 0; i < 48; i++)
        check(a[i] >= 0 && a[i] <= 1 && c[i] >= 0 && c[i] <= 1, "from 0 to 1");
    scratch_clear(&scratch);
    g_free(p);
}

static void
gray_pictures_stay_gray(void)
{
    Recipe recipe = {.crop = {1, 1}, .ratio = {1, 1}, .gray = 1, .brightness = 0.3};
    Picture *p = ramp(4, 4);
    float got[48];
    Scratch scratch = {0};
    DcnRandom random = dcn_random_seed(3, 1);
    augment_picture(&recipe, p, &random, 4, got, &scratch);
    for (int i = 0; i < 16; i++)
        check(fabsf(got[3 * i] - got[3 * i + 1]) < 1e-6F &&
                  fabsf(got[3 * i] - got[3 * i + 2]) < 1e-6F,
              "equal channels");
    scratch_clear(&scratch);
    g_free(p);
}

static void
shares_of_mixtures_follow_the_beta_distribution(void)
{
    DcnRandom random = dcn_random_seed(9, 9);
    double sum = 0, squares = 0, a = 0.4;
    int n = 20000;
    for (int i = 0; i < n; i++) {
        double share = augment_share(a, &random);
        sum += share;
        squares += (share - 0.5) * (share - 0.5);
    }
    /* Variance 1 / (4 (2 a + 1)); 0.01 is four standard deviations of the mean. */
    check(fabs(sum / n - 0.5) < 0.012, "mean");
    check(fabs(squares / n - 1 / (4 * (2 * a + 1))) < 0.005, "variance");
}

static void
answers_are_measured_by_hand(void)
{
    guint16 first = 0, second = 1;
    Item *a = item_new("a", &first, 1), *b = item_new("b", &second, 1);
    Measure *measure = measure_new(3, FALSE);
    measure_add(measure, a, (float[]){3, 1, 2});
    measure_add(measure, a, (float[]){3, 1, 2});
    measure_add(measure, a, (float[]){1, 3, 2});
    measure_add(measure, b, (float[]){1, 2, 3});
    Figures f = measure_tell(measure);
    check_int((long long)f.count, 4, "pictures");
    check(fabs(f.accuracy - 0.5) < 1e-12, "two of four");
    check(fabs(f.mean_class - (2.0 / 3 + 0) / 2) < 1e-12,
          "of two classes that were there");
    measure_free(measure);
    item_free(a);
    item_free(b);
}

static void
precision_is_measured_by_hand(void)
{
    guint16 first = 0;
    Item *yes = item_new("yes", &first, 1), *no = item_new("no", &first, 0);
    Measure *measure = measure_new(1, TRUE);
    /* By falling score: right, wrong, wrong, right, right: precision 1, 2/4, 3/5; the
     * second becomes 3/5 from the right. */
    measure_add(measure, yes, (float[]){0.2F});
    measure_add(measure, no, (float[]){0.8F});
    measure_add(measure, yes, (float[]){0.9F});
    measure_add(measure, no, (float[]){0.7F});
    measure_add(measure, yes, (float[]){0.5F});
    Figures f = measure_tell(measure);
    check(fabs(f.precision - (1 + 0.6 + 0.6) / 3) < 1e-12, "average precision");
    measure_free(measure);
    item_free(yes);
    item_free(no);
}

static const CheckTest tests[] = {
    CHECK_TEST(gray_becomes_three_channels),
    CHECK_TEST(large_pictures_become_means),
    CHECK_TEST(what_is_no_picture_is_named),
    CHECK_TEST(a_cut_of_the_same_size_is_the_picture),
    CHECK_TEST(the_centre_is_the_largest_square),
    CHECK_TEST(any_cut_of_a_flat_picture_is_flat),
    CHECK_TEST(without_variation_the_centre_is_seen),
    CHECK_TEST(variations_differ_and_repeat),
    CHECK_TEST(gray_pictures_stay_gray),
    CHECK_TEST(shares_of_mixtures_follow_the_beta_distribution),
    CHECK_TEST(answers_are_measured_by_hand),
    CHECK_TEST(precision_is_measured_by_hand),
};

int
main(void)
{
    fixture_gegl();
    return check_run(tests, G_N_ELEMENTS(tests));
}
