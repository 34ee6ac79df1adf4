/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_follow.h: keeps the parts of the browser's window in step: a chosen layer shows
 * its maps; a chosen map or place on the photo shows its projection.
 *
 * All is computed beside the main loop (engine.h); what comes of it is shown when
 * it comes. */
#ifndef FEATURESCOPE_GTK_WINDOWS_BROWSE_FOLLOW_H
#define FEATURESCOPE_GTK_WINDOWS_BROWSE_FOLLOW_H

#include "gtk/windows/browse_panel.h"
#include "photo/watch.h"

/* What is compared with (browse_beside.h), as the values "against" and "other" say. */
typedef struct {
    Browse *browse; /* NULL: nothing */
    HostItem *item; /* the layer of the image that it looks at */
    char *name;     /* of the model, or that layer */
    Labels labels;  /* of its classes */
    gsize classes;  /* 0: it gives none */
    gboolean ready; /* its counterpart of the window's layer is open */
    gboolean heats; /* heat maps are to be seen, if there are any, not projections */
} BrowseBeside;

typedef struct {
    const Run *run;
    ParamValues *values;
    BrowsePanel panel;
    GMainLoop *loop;
    BrowseTarget target;

    Browse *browse;   /* NULL: the network or the photo cannot be read */
    Labels labels;    /* of its classes */
    gsize classes;    /* 0: it gives none */
    gsize *order;     /* of the maps that are shown */
    gsize shown;      /* so many of them */
    gssize map;       /* that is chosen; -1: the strongest */
    gssize pointed;   /* that the pointer is on; -1: none */
    double x, y;      /* of the photo, in pixels of the network's; below 0: not chosen */
    gboolean rank;    /* the maps' values there are not known */
    float scale;      /* of the projection that is shown */
    gboolean silent;  /* a person was told that it is empty */
    gboolean gone;    /* a person was told that there is no photo any more */
    guint nine_timer; /* see browse_nine.h; 0: none runs */
    BrowseBeside beside;

    Watch watch; /* of photo and selection, since they were read */
} BrowseFollow;

BrowseSort browse_follow_sort(const ParamValues *values);

/* The class that the values name; -1: the predicted one. FALSE: there is none, and a
 * person is told. */
gboolean browse_follow_label(BrowseFollow *window, gint64 *class_index);

/* FALSE: a person has deleted the layer or closed the image, and is told so. */
gboolean browse_follow_has_photo(BrowseFollow *window);

/* Opens network and photo anew, then the layer; without the photo, nothing. */
void browse_follow_reload(BrowseFollow *window);

/* The layer that the values name; its maps come. */
void browse_follow_layer(BrowseFollow *window);

/* The map and the place that are chosen, or pointed at; its projection comes. */
void browse_follow_choice(BrowseFollow *window);

/* Shows again what is there already: the maps in another order, from its top or where the
 * chosen one is; the projection; the heat map. */
void browse_follow_order(BrowseFollow *window, gboolean from_top);
void browse_follow_view(BrowseFollow *window);
void browse_follow_heat(BrowseFollow *window);

#endif
