/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pixels.c: see pixels.h. */
#include "pixels/pixels.h"
#include "base/procedure.h"
#include "pixels/jpeg.h"
#include "pixels/orientation.h"
#include "pixels/scale.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* --- layers */

HostLayer *
host_layer_new(
    const char *name, const GeglRectangle *rect, int width, int height, int components)
{
    g_return_val_if_fail(width > 0 && height > 0, NULL);
    g_return_val_if_fail(components == 1 || components == 4, NULL);

    /* Both are positive ints, so the product of the first two fits. */
    gsize row = (gsize)width * components * sizeof(float);
    float *pixels = g_try_malloc0_n(height, row);
    if (!pixels)
        return NULL;

    HostLayer *layer = g_new0(HostLayer, 1);
    layer->name = g_strdup(name);
    layer->rect = *rect;
    layer->width = width;
    layer->height = height;
    layer->pixels = pixels;
    layer->channel = components == 1;
    layer->opacity = 100;
    return layer;
}

void
host_layer_free(HostLayer *layer)
{
    if (layer) {
        g_free(layer->name);
        g_free(layer->pixels);
        g_free(layer->parasite);
        g_free(layer);
    }
}

gboolean
pixels_check_layers(HostLayer **layers, gsize n_layers, GError **error)
{
    /* What GIMP takes as an image at most; layers have no larger ones. */
    const int largest = 524288;

    for (gsize i = 0; i < n_layers; i++) {
        const HostLayer *layer = layers[i];
        if (layer->rect.width < 1 || layer->rect.height < 1 ||
            layer->rect.width > largest || layer->rect.height > largest) {
            g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                        _("The layer \"%s\" would have %d × %d pixels"), layer->name,
                        layer->rect.width, layer->rect.height);
            return FALSE;
        }
    }
    return TRUE;
}

gboolean
pixels_are_gray(const HostLayer *layer)
{
    gsize n_pixels = (gsize)layer->width * layer->height;
    for (gsize i = 0; i < n_pixels; i++) {
        const float *p = layer->pixels + 4 * i;
        if (p[3] > 0 && (p[0] != p[1] || p[1] != p[2]))
            return FALSE;
    }
    return TRUE;
}

/* --- out */

typedef struct {
    const HostLayer *layer;
    GeglBuffer *buffer;
    int x, y;           /* of the buffer's corner in the image */
    GeglRectangle seen; /* what of the layer falls into the buffer, in the image */
    int components;
    gboolean (*convert)(void *user, const float *in, void *out, int n_pixels);
    void *user;
    const Babl *format; /* of what goes into the buffer */
    guint8 *converted;  /* rows; NULL without convert */
    gsize room;         /* of them */
} Writer;

/* What of the rows falls into the buffer, in its format, one row behind the other. */
static gboolean
convert_rows(Writer *writer, int n_rows, const float *rows, GError **error)
{
    int width = writer->seen.width;
    gsize bytes = (gsize)width * babl_format_get_bytes_per_pixel(writer->format);
    gsize step = (gsize)writer->layer->rect.width * writer->components;
    if (writer->room < (gsize)n_rows) {
        g_free(writer->converted);
        writer->converted = g_try_malloc_n(n_rows, bytes);
        writer->room = writer->converted ? n_rows : 0;
    }
    gboolean done = writer->converted != NULL;
    for (int i = 0; done && i < n_rows; i++)
        done = writer->convert(writer->user, rows + i * step,
                               writer->converted + i * bytes, width);
    if (!done)
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                    _("The colours of \"%s\" could not be converted"),
                    writer->layer->name);
    return done;
}

static gboolean
writer_take(void *user, int y, int n_rows, const float *rows, GError **error)
{
    Writer *writer = user;
    const GeglRectangle *seen = &writer->seen;
    int row_pixels = writer->layer->rect.width;
    int top = writer->layer->rect.y;
    int from = MAX(y, seen->y - top);
    int to = MIN(y + n_rows, seen->y + seen->height - top);
    if (from >= to)
        return TRUE;

    gsize left = seen->x - writer->layer->rect.x;
    const float *first =
        rows + ((gsize)(from - y) * row_pixels + left) * writer->components;
    GeglRectangle rect = {seen->x - writer->x, top + from - writer->y, seen->width,
                          to - from};
    if (!writer->convert) {
        int stride = row_pixels * writer->components * (int)sizeof(float);
        gegl_buffer_set(writer->buffer, &rect, 0, writer->format, first, stride);
        return TRUE;
    }

    if (!convert_rows(writer, to - from, first, error))
        return FALSE;
    gegl_buffer_set(writer->buffer, &rect, 0, writer->format, writer->converted,
                    GEGL_AUTO_ROWSTRIDE);
    return TRUE;
}

gboolean
pixels_write(const HostLayer *layer,
             GeglBuffer *buffer,
             int x,
             int y,
             gboolean (*convert)(void *user, const float *in, void *out, int n_pixels),
             void *user,
             const Babl *format,
             GError **error)
{
    GeglRectangle extent = *gegl_buffer_get_extent(buffer);
    extent.x += x;
    extent.y += y;
    GeglRectangle seen;
    if (!gegl_rectangle_intersect(&seen, &layer->rect, &extent))
        return TRUE;

    Writer writer = {
        .layer = layer,
        .buffer = buffer,
        .x = x,
        .y = y,
        .seen = seen,
        .components = layer->channel ? 1 : 4,
        .convert = convert,
        .user = user,
        .format = format,
    };
    if (!convert)
        writer.format = babl_format(layer->channel ? "Y float" : "R'G'B'A float");

    gboolean done = scale_pixels(layer->pixels, layer->width, layer->height,
                                 writer.components, layer->rect.width, layer->rect.height,
                                 layer->nearest, writer_take, &writer, error);
    g_free(writer.converted);
    return done;
}

/* --- in */

static gboolean
read_as(GeglBuffer *buffer,
        const GeglRectangle *rect,
        const Babl *format,
        void *pixels,
        GError **error)
{
    const GeglRectangle *extent = gegl_buffer_get_extent(buffer);
    if (!gegl_rectangle_contains(extent, rect)) {
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                    _("Pixels were asked for outside the picture"));
        return FALSE;
    }
    gegl_buffer_get(buffer, rect, 1.0, format, pixels, GEGL_AUTO_ROWSTRIDE,
                    GEGL_ABYSS_NONE);
    return TRUE;
}

gboolean
pixels_read(GeglBuffer *buffer, const GeglRectangle *rect, float *rgba, GError **error)
{
    return read_as(buffer, rect, babl_format("R'G'B'A float"), rgba, error);
}

gboolean
pixels_are_bytes(GeglBuffer *buffer)
{
    return gegl_buffer_get_format(buffer) == babl_format("R'G'B' u8");
}

gboolean
pixels_read_bytes(GeglBuffer *buffer,
                  const GeglRectangle *rect,
                  guint8 *rgb,
                  GError **error)
{
    return read_as(buffer, rect, babl_format("R'G'B' u8"), rgb, error);
}

/* The loader for a file that begins with these bytes. gegl:load is of no use: for what
 * it does not know it draws a picture of a sentence. */
static const char *
loader_of(const char *head, gsize length)
{
    static const struct {
        gsize at;
        const char *bytes;
        gsize length;
        const char *operation;
    } loaders[] = {
        {0, "\xff\xd8\xff", 3, "gegl:jpg-load"},
        {0, "\x89PNG\r\n\x1a\n", 8, "gegl:png-load"},
        {8, "WEBP", 4, "gegl:webp-load"},
        {0, "II*\0", 4, "gegl:tiff-load"},
        {0, "MM\0*", 4, "gegl:tiff-load"},
        {0, "\x76\x2f\x31\x01", 4, "gegl:exr-load"},
        {0, "#?RADIANCE", 10, "gegl:rgbe-load"},
        {0, "P5", 2, "gegl:ppm-load"},
        {0, "P6", 2, "gegl:ppm-load"},
        {4, "jP  ", 4, "gegl:jp2-load"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(loaders); i++)
        if (loaders[i].at + loaders[i].length <= length &&
            memcmp(head + loaders[i].at, loaders[i].bytes, loaders[i].length) == 0)
            return loaders[i].operation;
    return NULL;
}

static const char *
find_loader(const char *path, GError **error)
{
    char head[16];
    FILE *file = g_fopen(path, "rb");
    gsize length = file ? fread(head, 1, sizeof head, file) : 0;
    gboolean failed = !file || ferror(file);
    int number = errno;
    if (file)
        fclose(file);
    if (failed) {
        char *name = g_filename_display_name(path);
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                    _("\"%s\" cannot be read: %s"), name, g_strerror(number));
        g_free(name);
        return NULL;
    }
    const char *operation = loader_of(head, length);
    return operation && gegl_has_operation(operation) ? operation : "";
}

/* Several threads may decode at a time, but babl, which gives colours their spaces and
 * conversions, makes new ones where others may look meanwhile: one in ten runs of two
 * threads had black pictures. A loader's header tells the space; the first conversion of
 * a format is made by reading one pixel. Both are done by one thread at a time. */
static GMutex babl_lock;

static void
load_header(GeglNode *load, GeglRectangle *box)
{
    g_mutex_lock(&babl_lock);
    *box = gegl_node_get_bounding_box(load);
    g_mutex_unlock(&babl_lock);
}

static void
make_conversion(GeglBuffer *buffer)
{
    float rgba[4];
    const GeglRectangle *extent = gegl_buffer_get_extent(buffer);
    g_mutex_lock(&babl_lock);
    gegl_buffer_get(buffer, GEGL_RECTANGLE(extent->x, extent->y, 1, 1), 1.0,
                    babl_format("R'G'B'A float"), rgba, GEGL_AUTO_ROWSTRIDE,
                    GEGL_ABYSS_NONE);
    g_mutex_unlock(&babl_lock);
}

/* What GEGL's loader of JPEG does not look at: FALSE if the file was cut off, which other
 * loaders notice by themselves; which way up the picture is. */
static gboolean
look_at_jpeg(const char *path, const char *operation, int *orientation)
{
    *orientation = 1;
    if (strcmp(operation, "gegl:jpg-load") != 0)
        return TRUE;
    GMappedFile *file = g_mapped_file_new(path, FALSE, NULL);
    if (!file)
        return FALSE;
    const guint8 *bytes = (const guint8 *)g_mapped_file_get_contents(file);
    gsize size = g_mapped_file_get_length(file);
    gboolean whole = jpeg_is_whole(bytes, size);
    if (whole)
        *orientation = orientation_of_jpeg(bytes, size);
    g_mapped_file_unref(file);
    return whole;
}

GeglBuffer *
pixels_decode(const char *path, gboolean *unknown, GError **error)
{
    *unknown = FALSE;
    const char *operation = find_loader(path, error);
    if (!operation)
        return NULL;
    if (!*operation) {
        *unknown = TRUE;
        char *name = g_filename_display_name(path);
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                    _("\"%s\" is no image of a known format"), name);
        g_free(name);
        return NULL;
    }

    GeglBuffer *buffer = NULL;
    GeglNode *graph = gegl_node_new();
    GeglNode *load =
        gegl_node_new_child(graph, "operation", operation, "path", path, NULL);
    GeglRectangle box = {0};
    int orientation;
    if (look_at_jpeg(path, operation, &orientation))
        load_header(load, &box);
    if (box.width > 0 && box.height > 0) {
        GeglNode *sink = gegl_node_new_child(graph, "operation", "gegl:buffer-sink",
                                             "buffer", &buffer, NULL);
        gegl_node_link(load, sink);
        gegl_node_process(sink);
    }
    g_object_unref(graph);
    if (buffer)
        make_conversion(buffer);
    if (buffer && !(buffer = orientation_apply(buffer, orientation))) {
        g_set_error_literal(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED,
                            _("Not enough memory to read pixels"));
    } else if (!buffer) {
        char *name = g_filename_display_name(path);
        g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INPUT,
                    _("\"%s\" is damaged: it cannot be decoded"), name);
        g_free(name);
    }
    return buffer;
}

/* --- places */

char *
pixels_data_folder(const char *program)
{
    const char *told = g_getenv("FEATURESCOPE_DATA");
    if (told && *told)
        return g_strdup(told);

    char *own = g_path_get_dirname(program);
    char *folder = g_strdup(own);
    for (int up = 0; up < 4; up++) {
        char *model = g_build_filename(folder, "models", "default.onnx", NULL);
        gboolean found = g_file_test(model, G_FILE_TEST_EXISTS);
        g_free(model);
        if (found) {
            g_free(own);
            return folder;
        }
        char *parent = g_path_get_dirname(folder);
        g_free(folder);
        folder = parent;
    }
    g_free(folder);
    return own;
}
