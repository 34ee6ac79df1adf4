/* write_fixture.c: a folder for each test of writing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "write_fixture.h"
#include "check.h"
#include "edit.h"
#include <glib/gstdio.h>

Place
place_new(void)
{
    Place place = {.folder = g_dir_make_tmp("featurescope-XXXXXX", NULL)};
    place.file = g_build_filename(place.folder, "net.onnx", NULL);
    return place;
}

void
place_end(Place *place)
{
    g_remove(place->file);
    check(g_rmdir(place->folder) == 0, "no other file is left");
    g_free(place->folder);
    g_free(place->file);
}

void
must_write(const DcnModel *model, const char *file)
{
    DcnError error = {0};
    check(dcn_model_write(model, file, &error), error.text);
}

DcnModel *
must_open(NewModel *net)
{
    DcnError error = {0};
    DcnModel *model = new_model_open(net, &error);
    check(model != NULL, error.text);
    return model;
}
