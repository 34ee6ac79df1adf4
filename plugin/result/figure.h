/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure.h: results as a finished figure, a new image of its own.
 *
 * An action that can give one has the choice FIGURE_TARGET in its parameter "target" and
 * the parameters FIGURE_WIDTH and FIGURE_THEME. It opens a plate for as many panels as it
 * has, fills them and finishes; a panel of a photo has the photo's own pixels, and
 * results lie on it as they would in the photo. */
#ifndef FEATURESCOPE_RESULT_FIGURE_H
#define FEATURESCOPE_RESULT_FIGURE_H

#include "draw/plate.h"
#include "net/net.h"
#include "result/results.h"

#define FIGURE_NICK "figure"
#define FIGURE_TARGET                                                                    \
    {                                                                                    \
        FIGURE_NICK, N_("Figure")                                                        \
    }
#define FIGURE_WIDTH                                                                     \
    {                                                                                    \
        .name = "figure-width", .type = PARAM_INT, .label = N_("Figure's width"),        \
        .blurb =                                                                         \
            N_("Width of a figure in pixels; 118 are a centimetre in print, at 300 "     \
               "to an inch"),                                                            \
        .min = PLATE_NARROWEST, .max = PLATE_WIDEST, .value = 1600,                      \
        .only_with = "target", .only_nicks = FIGURE_NICK                                 \
    }
#define FIGURE_THEME                                                                     \
    {                                                                                    \
        .name = "figure-theme", .type = PARAM_CHOICE, .label = N_("Figure's theme"),     \
        .blurb = N_("Colours of a figure: dark words on white, or light ones on black"), \
        .text = "light", .choices = figure_themes, .only_with = "target",                \
        .only_nicks = FIGURE_NICK                                                        \
    }
extern const ParamChoice figure_themes[];

gboolean figure_wanted(const Run *run);

/* A plate as the run's values ask for. plate_clear() */
void figure_open(Plate *plate, const Run *run, gsize n_panels);

/* What a network saw of a drawable, at the size at which the plate shows it, at its
 * place. NULL with an error. */
HostLayer *figure_photo(const Plate *plate,
                        HostItem *drawable,
                        const Region *seen,
                        GError **error);

/* A copy, to lie on another panel too; NULL with an error without memory. */
HostLayer *figure_copy(const HostLayer *layer, GError **error);

/* "sentence", if there is one, and on the next line the model, the facts that the action knows ("layer:
 * relu7 · …") and the parameters that are not as usual. net NULL: the facts say which
 * models. g_free() */
char *figure_caption(const Run *run,
                     const Net *net,
                     const char *sentence,
                     const char *facts);

/* "Method: Guided backpropagation", of the parameter with this name. g_free() */
char *figure_value(const Run *run, const char *name);

/* "Layer: relu7 · fact". g_free() */
char *figure_layer(const char *layer, const char *fact);

/* Layers of a sheet's caption, and of paper for both, to lie below the sheet, which is
 * this wide and high; *below becomes the height of both. net, facts: as of
 * figure_caption(). FALSE without memory. */
gboolean figure_add_caption(const Run *run,
                            const Net *net,
                            const char *facts,
                            int width,
                            int height,
                            GPtrArray *layers,
                            int *below,
                            GError **error);

/* layers_finish_sheet(); a new image also gets a caption. Takes the sheet. */
gboolean figure_finish_sheet(
    const Run *run, const Net *net, HostLayer *sheet, const char *title, GError **error);

/* The plate as a new image, which is shown; the results are set as by layers_finish(). */
gboolean figure_finish(
    const Run *run, Plate *plate, const char *title, const char *caption, GError **error);

#endif
