/* SPDX-License-Identifier: GPL-3.0-or-later */
/* many.c: a thousand photos with two hundred profiles are read in one run, each as lcms2
 * has it, and no process grows by that. */

#include "plugin/fixture/check_main.h"
#include "plugin/fixture/colour_files.h"
#include "plugin/fixture/decoded.h"
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>
#include <unistd.h>

#define PHOTOS 1000
#define PROFILES 200
#define PIXELS (COLOUR_WIDTH * COLOUR_HEIGHT)
#define MOST_KB (50 * 1024) /* that a process may grow by after the first hundred */

/* --- profiles */

/* sRGB's curve, and red that is off by some thousandths: some count as sRGB's own. */
static GBytes *
nearly_srgb(int i)
{
    const cmsCIExyY white = {0.3127, 0.3290, 1};
    const cmsCIExyYTRIPLE primaries = {
        {0.64 + 0.0002 * i, 0.33, 1}, {0.30, 0.60, 1}, {0.15, 0.06, 1}};
    const double parameters[5] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    cmsToneCurve *curve = cmsBuildParametricToneCurve(NULL, 4, parameters);
    cmsToneCurve *curves[3] = {curve, curve, curve};
    cmsHPROFILE profile = cmsCreateRGBProfile(&white, &primaries, curves);
    cmsFreeToneCurve(curve);
    return colour_saved(profile);
}

/* A part is cut off, or some bytes are others. */
static GBytes *
broken(GBytes *icc, GRand *random, gboolean cut)
{
    gsize size;
    guint8 *bytes = g_bytes_unref_to_data(icc, &size);
    if (cut)
        size = (gsize)g_rand_int_range(random, 1, (gint32)size);
    for (int i = 0; !cut && i < 8; i++)
        bytes[g_rand_int_range(random, 0, (gint32)size)] =
            (guint8)g_rand_int_range(random, 0, 256);
    return g_bytes_new_take(bytes, size);
}

/* Two of eight are of gray, two are broken. */
static GBytes *
make_profile(int i, GRand *random, gboolean *gray)
{
    GBytes *icc;
    *gray = i % 4 == 1;
    if (*gray)
        icc = colour_gray(i);
    else
        icc = i % 4 == 0   ? colour_matrix(i)
              : i % 4 == 2 ? colour_table(i)
                           : nearly_srgb(i);
    return i % 8 >= 4 && i % 3 > 0 ? broken(icc, random, i % 3 == 1) : icc;
}

/* --- photos */

/* A JPEG without a profile, and what its pixels are. */
typedef struct {
    char *path;
    double rgb[3 * PIXELS];
} Plain;

static void
make_plain(Plain *plain, GRand *random)
{
    GeglRectangle rect;
    guint8 bytes[3 * PIXELS];
    for (gsize i = 0; i < sizeof bytes; i++)
        bytes[i] = (guint8)g_rand_int_range(random, 0, 256);
    GdkPixbuf *pixbuf =
        gdk_pixbuf_new_from_data(bytes, GDK_COLORSPACE_RGB, FALSE, 8, COLOUR_WIDTH,
                                 COLOUR_HEIGHT, 3 * COLOUR_WIDTH, NULL, NULL);
    plain->path = fixture_path("plain.jpg");
    check(gdk_pixbuf_save(pixbuf, plain->path, "jpeg", NULL, NULL), "it is written");
    g_object_unref(pixbuf);
    float *rgba = decoded_floats(plain->path, &rect);
    for (int i = 0; rgba && i < 3 * PIXELS; i++)
        plain->rgb[i] = (double)rgba[i / 3 * 4 + i % 3];
    g_free(rgba);
}

static void
check_tiff(const char *path, GBytes *icc, GRand *random)
{
    guint8 bytes[3 * PIXELS];
    double rgb[3 * PIXELS];
    for (int i = 0; i < 3 * PIXELS; i++) {
        bytes[i] = (guint8)g_rand_int_range(random, 0, 256);
        rgb[i] = bytes[i] / 255.0;
    }
    colour_tiff(path, bytes, icc);
    decoded_check(path, icc, FALSE, rgb, NULL, PIXELS);
}

/* Each profile is in five files of the seven kinds, or of the four of gray. */
static void
check_photo(int i, GBytes *icc, gboolean gray, const Plain *plain, GRand *random)
{
    static const struct {
        ColourKind kind;
        int bits;
    } colour[] = {{COLOUR_RGB, 8},
                  {COLOUR_RGB, 16},
                  {COLOUR_RGB_ALPHA, 8},
                  {COLOUR_RGB_ALPHA, 16},
                  {COLOUR_PALETTE, 8}},
      grays[] = {{COLOUR_GRAY, 8},
                 {COLOUR_GRAY_ALPHA, 16},
                 {COLOUR_GRAY, 16},
                 {COLOUR_GRAY_ALPHA, 8}};
    double rgb[3 * PIXELS], alpha[PIXELS];
    int which = (i / PROFILES + i % PROFILES / 4) % (gray ? 4 : 7);
    char *path = fixture_path("photo");
    if (gray || which < 5) {
        ColourKind kind = gray ? grays[which].kind : colour[which].kind;
        int bits = gray ? grays[which].bits : colour[which].bits;
        colour_some_png(path, kind, bits, icc, random, rgb, alpha);
        decoded_check(path, icc, gray, rgb, alpha, PIXELS);
    } else if (which == 5) {
        check_tiff(path, icc, random);
    } else {
        colour_jpeg(path, plain->path, icc);
        decoded_check(path, icc, FALSE, plain->rgb, NULL, PIXELS);
    }
    g_free(path);
}

/* --- memory */

/* A number of a process behind a word in its file "status"; 0: it is not there. */
static guint64
status_of(const char *process, const char *word)
{
    char *path = g_build_filename("/proc", process, "status", NULL), *text = NULL;
    const char *at = NULL;
    if (g_file_get_contents(path, &text, NULL, NULL))
        at = strstr(text, word);
    guint64 number = at ? g_ascii_strtoull(at + strlen(word), NULL, 10) : 0;
    g_free(text);
    g_free(path);
    return number;
}

static int
files_open(const char *process)
{
    char *path = g_build_filename("/proc", process, "fd", NULL);
    GDir *folder = g_dir_open(path, 0, NULL);
    int count = 0;
    while (folder && g_dir_read_name(folder))
        count++;
    if (folder)
        g_dir_close(folder);
    g_free(path);
    return count;
}

/* What the process and its largest child have. */
typedef struct {
    guint64 own, child; /* kB */
    int children, files, child_files;
} Use;

static Use
use_now(void)
{
    Use use = {.own = status_of("self", "VmRSS:"), .files = files_open("self")};
    GDir *folder = g_dir_open("/proc", 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(folder)))
        if (g_ascii_isdigit(*name) && status_of(name, "PPid:") == (guint64)getpid()) {
            use.child = MAX(use.child, status_of(name, "VmRSS:"));
            use.child_files = MAX(use.child_files, files_open(name));
            use.children++;
        }
    g_dir_close(folder);
    return use;
}

/* --- the test */

static void
a_thousand_photos_with_two_hundred_profiles(void)
{
    GRand *random = g_rand_new_with_seed(18);
    GBytes *icc[PROFILES];
    gboolean gray[PROFILES];
    Plain plain;
    Use first = {0}, most = {0};
    make_plain(&plain, random);
    for (int i = 0; i < PROFILES; i++)
        icc[i] = make_profile(i, random, &gray[i]);
    for (int i = 0; i < PHOTOS; i++) {
        check_photo(i, icc[i % PROFILES], gray[i % PROFILES], &plain, random);
        Use use = i % 50 == 49 ? use_now() : (Use){0};
        if (i == 99)
            first = use;
        most.own = MAX(most.own, use.own);
        most.child = MAX(most.child, use.child);
        most.children = MAX(most.children, use.children);
        most.files = MAX(most.files, use.files);
        most.child_files = MAX(most.child_files, use.child_files);
    }
    check_say("%.0f MB, later at most %.0f MB; the decoder %.0f MB, %.0f MB",
              (double)first.own / 1024, (double)most.own / 1024,
              (double)first.child / 1024, (double)most.child / 1024);
    check(first.own > 0 && first.child > 0, "memory is known");
#ifndef __SANITIZE_ADDRESS__ /* which keeps what is freed */
    check(most.own <= first.own + MOST_KB, "this process does not grow");
    check(most.child <= first.child + MOST_KB, "no decoder grows");
#endif
    check_int(most.children, 1, "decoders at a time");
    check_int(most.files, first.files, "open files");
    /* It closes two behind its answer. */
    check(most.child_files <= first.child_files + 2, "the decoder's open files");
    for (int i = 0; i < PROFILES; i++)
        g_bytes_unref(icc[i]);
    g_rand_free(random);
    g_free(plain.path);
}

FIXTURE_MAIN(CHECK_TEST(a_thousand_photos_with_two_hundred_profiles))
