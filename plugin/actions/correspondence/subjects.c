/* SPDX-License-Identifier: GPL-3.0-or-later */
/* subjects.c: the pictures and their parts: selections of open images, or masks of a
 * folder. */

#include "actions/correspondence/correspondence.h"
#include "base/fail.h"
#include "base/text.h"
#include "photo/fill.h"
#include "photo/part.h"
#include <math.h>
#include <string.h>

/* --- names of masks --- */

/* "faces/one.jpg" becomes "faces/one". g_free() */
static char *
stem_of(const char *name)
{
    const char *dot = strrchr(name, '.'), *slash = strrchr(name, '/');
    return dot && dot > (slash ? slash : name) ? g_strndup(name, (gsize)(dot - name))
                                               : g_strdup(name);
}

/* The part that a mask "left eye/faces/one.png" is of, if it is one of "faces/one": "left
 * eye". A mask that lies in no folder of its own is of the part "". NULL: it is of another
 * picture. g_free() */
static char *
part_of(const char *mask, const char *picture)
{
    char *stem = stem_of(mask), *part = NULL;
    gsize length = strlen(stem), tail = strlen(picture);
    if (g_str_equal(stem, picture))
        part = g_strdup("");
    else if (length > tail + 1 && g_str_has_suffix(stem, picture) &&
             stem[length - tail - 1] == '/')
        part = text_valid(g_strndup(stem, length - tail - 1));
    g_free(stem);
    return part;
}

static gsize
find_part(const Correspondence *all, const char *name)
{
    gsize k = 0;
    while (k < all->n_parts && !g_str_equal(all->parts[k], name))
        k++;
    return k;
}

/* The parts that there are masks of. */
static gboolean
find_parts(Correspondence *all, const Folder *masks, GError **error)
{
    for (gsize p = 0; p < all->pictures.count; p++) {
        char *picture = stem_of(all->pictures.folder.files[p].name);
        for (gsize m = 0; m < masks->count; m++) {
            char *part = part_of(masks->files[m].name, picture);
            gboolean is_new = part && find_part(all, part) == all->n_parts;
            if (is_new && all->n_parts == CORRESPONDENCE_PARTS) {
                g_free(part);
                g_free(picture);
                return fail_input(error, _("There are masks of more than %d parts."),
                                  CORRESPONDENCE_PARTS);
            }
            if (is_new)
                all->parts[all->n_parts++] = g_steal_pointer(&part);
            g_free(part);
        }
        g_free(picture);
    }
    return all->n_parts ||
           fail_input(error,
                      _("The folder “%s” has no mask that is called as a picture."),
                      masks->path);
}

/* --- reading --- */

static void
subject_clear(Subject *subject)
{
    g_free(subject->name);
    g_free(subject->rgb);
    g_free(subject->fill);
    for (int k = 0; k < CORRESPONDENCE_PARTS; k++)
        g_free(subject->masks[k]);
    *subject = (Subject){0};
}

void
correspondence_clear_subjects(Correspondence *all)
{
    for (gsize s = 0; s < all->n_subjects; s++)
        subject_clear(&all->subjects[s]);
    g_free(all->subjects);
    for (gsize k = 0; k < all->n_parts; k++)
        g_free(all->parts[k]);
    if (all->corners)
        g_array_unref(all->corners);
}

static double
area_of(const float *mask, gsize pixels)
{
    double area = 0;
    for (gsize i = 0; i < pixels; i++)
        area += (double)mask[i];
    return area;
}

/* What covers the parts. Blurred so that nothing as large as the first part stays. */
static gboolean
make_fill(const Correspondence *all, Subject *subject, GError **error)
{
    const ParamValues *values = all->run->values;
    gsize pixels = net_pixels(all->net);
    gboolean ok = TRUE;
    if (param_is(values, "fill", "mean"))
        fill_mean(subject->rgb, pixels, subject->fill);
    else if (param_is(values, "fill", "blur"))
        ok = fill_blur(subject->rgb, all->net->height, all->net->width,
                       MAX(1, sqrt(area_of(subject->masks[0], pixels)) / 2),
                       subject->fill);
    else
        fill_color(param_text(values, "color"), pixels, subject->fill);
    return ok || fail_run(error, _("There is not enough memory for a blurred photo."));
}

static gboolean
read_mask(const Correspondence *all,
          Subject *subject,
          gsize part,
          const Folder *masks,
          gsize file,
          GError **error)
{
    char *path = folder_path(masks, file);
    HostPixels *pixels = host_file_open(path, error);
    gboolean ok =
        pixels && part_of_picture(pixels, seen_fit(all->run->values), all->net->width,
                                  all->net->height, subject->masks[part], error);
    host_pixels_close(pixels);
    g_free(path);
    return ok;
}

/* The masks of a file's parts. */
static gboolean
read_masks(const Correspondence *all,
           gsize picture,
           Subject *subject,
           const Folder *masks,
           GError **error)
{
    char *stem = stem_of(all->pictures.folder.files[picture].name);
    gboolean found[CORRESPONDENCE_PARTS] = {FALSE}, ok = TRUE;
    for (gsize m = 0; ok && m < masks->count; m++) {
        char *part = part_of(masks->files[m].name, stem);
        gsize k = part ? find_part(all, part) : all->n_parts;
        if (k < all->n_parts) {
            found[k] = TRUE;
            ok = read_mask(all, subject, k, masks, m, error);
        }
        g_free(part);
    }
    for (gsize k = 0; ok && k < all->n_parts; k++)
        if (!found[k])
            ok = fail_input(error, _("“%s” has no mask of “%s”."), stem, all->parts[k]);
    g_free(stem);
    return ok;
}

/* Each part is to be seen. */
static gboolean
check_parts(const Correspondence *all, const Subject *subject, GError **error)
{
    for (gsize k = 0; k < all->n_parts; k++) {
        GeglRectangle box =
            part_box(subject->masks[k], all->net->width, all->net->height);
        if (!box.width)
            return fail_input(error,
                              _("“%s”: the network sees nothing of what is marked."),
                              subject->name);
    }
    return TRUE;
}

static gboolean
make_room(const Correspondence *all, Subject *subject, GError **error)
{
    gsize pixels = net_pixels(all->net);
    subject->rgb = g_try_new(float, pixels * 3);
    subject->fill = g_try_new(float, pixels * 3);
    gboolean ok = subject->rgb && subject->fill;
    for (gsize k = 0; ok && k < all->n_parts; k++) {
        subject->masks[k] = g_try_new0(float, pixels);
        ok = subject->masks[k] != NULL;
    }
    return ok || fail_run(error, _("There is not enough memory to read the photo."));
}

static gboolean
read_subject(const Correspondence *all,
             gsize p,
             const Folder *masks,
             Subject *subject,
             GError **error)
{
    const Picture *picture = &all->pictures.pictures[p];
    const Net *net = all->net;
    GeglRectangle rect, selection;
    float bars[3];
    *subject = (Subject){.name = g_strdup(picture->name)};
    if (picture->image && !host_selection(picture->image, &selection))
        return fail_input(
            error,
            _("“%s” has no selection: select the same part in each picture, such as the left eye."),
            picture->name);
    HostPixels *pixels = picture_open(picture, &rect, error);
    if (!pixels)
        return FALSE;
    net_neutral(net, bars);
    gboolean ok =
        make_room(all, subject, error) &&
        region_find(&subject->region, &rect, NULL, seen_fit(all->run->values), net->width,
                    net->height, error) &&
        region_read(&subject->region, pixels, rect.x, rect.y, bars, subject->rgb, error);
    ok =
        ok && (picture->image ? part_of_selection(&subject->region, picture->image,
                                                  pixels, &rect, subject->masks[0], error)
                              : read_masks(all, p, subject, masks, error));
    host_pixels_close(pixels);
    return ok && check_parts(all, subject, error) && make_fill(all, subject, error);
}

/* Of files, what cannot be used is skipped. */
static gboolean
read_all(Correspondence *all, const Folder *masks, GError **error)
{
    all->subjects = g_new0(Subject, MAX(all->pictures.count, 1));
    for (gsize p = 0; p < all->pictures.count; p++) {
        GError *why = NULL;
        if (all->n_subjects == CORRESPONDENCE_MOST)
            return fail_input(error, _("There are more than %d pictures."),
                              CORRESPONDENCE_MOST);
        if (read_subject(all, p, masks, &all->subjects[all->n_subjects], &why)) {
            all->n_subjects++;
            continue;
        }
        subject_clear(&all->subjects[all->n_subjects]);
        if (!all->pictures.pictures[p].path) {
            g_propagate_error(error, why);
            return FALSE;
        }
        folder_skip(&all->pictures.folder, p, why, all->pictures.skipped);
        g_error_free(why);
    }
    if (all->n_subjects > 1)
        return TRUE;
    folder_tell_skipped(all->pictures.skipped);
    return fail_input(error, _("There must be two pictures or more, each with the part "
                               "that is compared."));
}

/* --- random parts --- */

/* In pixels of the network's: what of it is photo, and no bars. */
static GeglRectangle
photo_of(const Region *region)
{
    const GeglRectangle *seen = &region->seen, *photo = &region->photo;
    double x = (double)(photo->x - seen->x) * region->width / seen->width;
    double y = (double)(photo->y - seen->y) * region->height / seen->height;
    double right = x + (double)photo->width * region->width / seen->width;
    double bottom = y + (double)photo->height * region->height / seen->height;
    int left = (int)ceil(x - 1e-9), top = (int)ceil(y - 1e-9);
    return (GeglRectangle){left, top, (int)floor(right + 1e-9) - left,
                           (int)floor(bottom + 1e-9) - top};
}

/* Of `room` places, by a number from 0 to 1. */
static int
place_of(double where, int room)
{
    return (int)(where * (MAX(room, 0) + 1));
}

/* Draw d is as large as part d mod n_parts. */
static void
draw_corner(Correspondence *all,
            const Subject *subject,
            gsize draw,
            const double where[2])
{
    int width = all->net->width, height = all->net->height;
    GeglRectangle photo = photo_of(&subject->region);
    GeglRectangle box = part_box(subject->masks[draw % all->n_parts], width, height);
    int x = photo.x + place_of(where[0], photo.width - box.width);
    int y = photo.y + place_of(where[1], photo.height - box.height);
    x = CLAMP(x, 0, width - box.width);
    y = CLAMP(y, 0, height - box.height);
    g_array_append_val(all->corners, x);
    g_array_append_val(all->corners, y);
}

static void
draw_corners(Correspondence *all)
{
    gboolean shared = param_is(all->run->values, "places", "shared");
    gsize rows = shared ? 1 : all->n_subjects;
    GArray *where = g_array_new(FALSE, FALSE, sizeof(double));
    for (gsize i = 0; i < rows * all->draws * 2; i++) {
        double number = g_rand_double(all->random);
        g_array_append_val(where, number);
    }
    all->corners = g_array_new(FALSE, FALSE, sizeof(int));
    for (gsize s = 0; s < all->n_subjects; s++)
        for (gsize d = 0; d < all->draws; d++) {
            gsize at = 2 * ((shared ? 0 : s) * all->draws + d);
            draw_corner(all, &all->subjects[s], d, &g_array_index(where, double, at));
        }
    g_array_unref(where);
}

const float *
correspondence_mask(const Correspondence *all, gsize s, gsize which, float *room)
{
    const Subject *subject = &all->subjects[s];
    if (which < all->n_parts)
        return subject->masks[which];
    gsize draw = which - all->n_parts, part = draw % all->n_parts;
    const int *corner = &g_array_index(all->corners, int, 2 * (s * all->draws + draw));
    GeglRectangle box = part_box(subject->masks[part], all->net->width, all->net->height);
    part_move(subject->masks[part], &box, all->net->width, all->net->height, corner[0],
              corner[1], room);
    return room;
}

gboolean
correspondence_read(Correspondence *all, GError **error)
{
    Folder masks = {0};
    gboolean ok = TRUE;
    host_progress_text(_("Reading the pictures"));
    if (param_is(all->run->values, "pictures", "folder"))
        ok = folder_read(&masks, param_text(all->run->values, "masks"), NULL, error) &&
             find_parts(all, &masks, error);
    else
        all->parts[all->n_parts++] = g_strdup("");
    ok = ok && read_all(all, &masks, error);
    folder_clear(&masks);
    if (ok)
        draw_corners(all);
    return ok;
}
