/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer.c: layers on their way to a host. */

#include "base/procedure.h"
#include "pixels/pixels.h"

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
host_layer_text(
    HostLayer *layer, const char *words, double size, const float rgb[3], double at)
{
    layer->text = g_new0(HostText, 1);
    layer->text->words = g_strdup(words);
    layer->text->size = size;
    layer->text->at = at;
    for (int c = 0; c < 3; c++)
        layer->text->rgb[c] = rgb[c];
}

void
host_layer_free(HostLayer *layer)
{
    if (layer) {
        if (layer->text)
            g_free(layer->text->words);
        g_free(layer->text);
        g_free(layer->name);
        g_free(layer->pixels);
        g_free(layer->parasite);
        g_free(layer);
    }
}

gboolean
pixels_check_layers(HostLayer **layers, gsize n_layers, GError **error)
{
    /* GIMP's largest image; layers are not larger either. */
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
