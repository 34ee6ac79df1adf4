/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_panel.h: the widgets of the browser's window. */
#ifndef FEATURESCOPE_GTK_WINDOWS_BROWSE_PANEL_H
#define FEATURESCOPE_GTK_WINDOWS_BROWSE_PANEL_H

#include "actions/browse/browse.h"
#include "gtk/control.h"
#include "gtk/picture.h"
#include "gtk/toolkit.h"
#include "gtk/windows/grid.h"
#include "gtk/windows/layer_list.h"
#include "gtk/windows/nine_panel.h"

/* What a person does. */
typedef struct {
    cairo_surface_t *(*tile)(void *user, gsize place, char label[static GRID_LABEL]);
    void (*map_chosen)(void *user, gsize place);
    void (*map_pointed)(void *user, gssize place);
    void (*map_named)(void *user, gsize map); /* by its number */
    void (*hide_changed)(void *user);         /* see panel_hides_silent() */
    void (*layer_chosen)(void *user, const char *layer);
    void (*place_chosen)(void *user, double x, double y); /* shares of the photo */
    void (*value_changed)(void *user, const char *name);  /* the values have it */
    void (*occlude)(void *user);
    void (*stop)(void *user);
    void (*clear_heat)(void *user);
    void (*add_heat)(void *user);
    void (*figure)(void *user);
    void (*read_again)(void *user);
    void (*compare)(void *user, GtkWidget *button);
    void (*heats_toggled)(void *user, gboolean heats); /* of what is compared */
    NineCalls nine;
    void *user;
} BrowsePanelCalls;

typedef struct BrowsePanelValue BrowsePanelValue;

typedef struct {
    GtkWidget *widget; /* all of it */
    GtkWidget *layers, *grid, *photo, *projection, *nine;
    GtkWidget *beside, *difference;                      /* hidden: nothing is compared */
    GtkWidget *beside_line, *beside_name, *beside_heats; /* as well */
    GtkWidget *add, *script, *presets;                   /* set before panel_init() */
    GtkWidget *figure, *compare;
    GtkWidget *again; /* hidden unless the photo has changed */

    GtkWidget *name, *field, *heat_name, *status;
    GtkWidget *remark;        /* on the network; hidden without one */
    GtkWidget *number, *hide; /* of the chosen map; silent ones */
    GtkWidget *legend, *low, *high;
    gboolean diverging; /* the legend's colours */
    GtkWidget *occlude, *stop, *clear, *add_heat;
    BrowsePanelCalls calls;
    ParamValues *values; /* borrowed */
    BrowsePanelValue *rows;
    gsize n_rows;
    gboolean refreshing, closed;
} BrowsePanel;

void panel_init(BrowsePanel *panel, ParamValues *values, const BrowsePanelCalls *calls);

/* Call when the widgets are gone. */
void panel_free(BrowsePanel *panel);

/* Shows the values after somebody else changed them. */
void panel_refresh(BrowsePanel *panel);

/* The chosen map of so many; their labels, if the net has any. */
void panel_show_number(BrowsePanel *panel, gsize map, gsize count);
void panel_fill_labels(BrowsePanel *panel);

/* Puts labels to the top of the list of them; see pick_put_first(). */
void panel_put_first(BrowsePanel *panel, char *const *values, char *const *labels);

gboolean panel_hides_silent(const BrowsePanel *panel);

/* What a person should know of the network; NULL: nothing. */
void panel_show_remark(BrowsePanel *panel, const char *text);

/* One line for a person; NULL: what can be done. */
void panel_tell(BrowsePanel *panel, const char *text);

/* The photo is not what the pictures show any more, which a person is told; or it is. */
void panel_show_changed(BrowsePanel *panel, gboolean changed);

/* No pictures. */
void panel_clear(BrowsePanel *panel);

void panel_show_view(BrowsePanel *panel,
                     const Browse *browse,
                     const BrowseView *view,
                     float scale);

/* What is compared with: pictures, and what lies over them; NULL: there is none. */
typedef struct {
    cairo_surface_t *picture, *cover, *difference, *difference_cover;
    gboolean crisp;            /* the picture; see picture_set() */
    const char *text;          /* a line */
    gboolean has_heats, heats; /* heat maps of both can be seen; are seen */
} PanelBeside;

/* Takes the surfaces; NULL: nothing is compared. */
void panel_show_beside(BrowsePanel *panel, const PanelBeside *beside);

#define PANEL_HEAT_OPACITY 0.65
#define PANEL_SIDE 190 /* of a picture, at least */

/* The heat map's name and how far it is; NULL: none. goes_on: another one still grows. */
void panel_show_heat(BrowsePanel *panel,
                     const Browse *browse,
                     const Heat *heat,
                     gboolean goes_on);

#endif
