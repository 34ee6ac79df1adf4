/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse_nine.c: the strongest nine of the map that is shown, in the browser's window. */
#include "gtk/windows/browse_nine.h"
#include "base/procedure.h"

/* Nine pictures are a second's work: they are for a map that is looked at, not for all
 * that the pointer passes. */
#define SETTLE_MS 250

/* --- what is asked for --- */

static gboolean
is_shown(const BrowseFollow *window, const BrowseView *view)
{
    const BrowseNine *nine = browse_nine(window->browse);
    return nine && nine->map == view->target.unit.channel &&
           nine->fit == seen_fit(window->values) && nine->method == view->choice.method &&
           g_str_equal(nine->tensor, view->layer.tensor);
}

static gboolean
ask(gpointer user)
{
    BrowseFollow *window = user;
    const BrowseView *view = browse_view(window->browse);
    window->nine_timer = 0;
    if (view)
        browse_ask_nine(window->browse, view->target.unit.channel,
                        seen_fit(window->values), view->choice.method);
    return G_SOURCE_REMOVE;
}

void
browse_nine_follow(BrowseFollow *window)
{
    const BrowseView *view = browse_view(window->browse);
    browse_nine_stop(window);
    if (view && !is_shown(window, view))
        window->nine_timer = g_timeout_add(SETTLE_MS, ask, window);
}

void
browse_nine_stop(BrowseFollow *window)
{
    if (window->nine_timer)
        g_source_remove(window->nine_timer);
    window->nine_timer = 0;
}

/* --- showing --- */

void
browse_nine_show(BrowseFollow *window)
{
    nine_panel_show(window->panel.nine, browse_nine(window->browse),
                    browse_pass(window->browse));
}

void
browse_nine_show_pass(BrowseFollow *window)
{
    const BrowsePass *pass = browse_pass(window->browse);
    browse_nine_show(window);
    if (pass && !pass->over) {
        char *folder = g_filename_display_basename(pass->folder);
        char *text = g_strdup_printf(_("Finding the strongest nine of %s in “%s”: %d %%"),
                                     pass->shown, folder, (int)(100 * pass->done));
        panel_tell(&window->panel, text);
        g_free(text);
        g_free(folder);
    } else {
        panel_tell(&window->panel, NULL);
        browse_nine_follow(window);
    }
}

/* --- a person --- */

void
browse_nine_find(void *user, const char *folder)
{
    BrowseFollow *window = user;
    if (window->browse)
        browse_find_nine(window->browse, folder, seen_fit(window->values));
}

void
browse_nine_end_pass(void *user)
{
    BrowseFollow *window = user;
    if (window->browse)
        browse_stop_finding(window->browse);
}

void
browse_nine_open(void *user, gsize number)
{
    BrowseFollow *window = user;
    const BrowseNine *nine = window->browse ? browse_nine(window->browse) : NULL;
    GError *error = NULL;
    if (!nine || number >= nine->count)
        return;
    const BrowsePair *pair = &nine->pairs[number];
    char *text = NULL;
    if (pair->problem)
        text = g_strdup(pair->problem);
    else if (host_picture_show(pair->path, &pair->patch, pair->width, pair->height,
                               &error))
        text = g_strdup_printf(_("Opened: %s"), pair->name);
    else
        text = g_strdup(error->message);
    panel_tell(&window->panel, text);
    g_clear_error(&error);
    g_free(text);
}
