/* browse_fixture.c: see browse_fixture.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "browse_fixture.h"

void
scene_changed(void *user, BrowseNews news)
{
    ((Scene *)user)->came[news]++;
}

void
scene_wait(Scene *scene, BrowseNews news, int count)
{
    gint64 end = g_get_monotonic_time() + SCENE_PATIENCE;
    while (scene->came[news] < count && g_get_monotonic_time() < end)
        if (!g_main_context_iteration(NULL, FALSE))
            g_usleep(200);
    g_assert_cmpint(scene->came[news], >=, count);
}
