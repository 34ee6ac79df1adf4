/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wide-model.c: writes a small model whose run takes 1.8 GB, for the tests of GIMP.
 *
 *     wide-model FILE.onnx */
#include "plugin/fixture/fixture.h"

int
main(int argc, char **argv)
{
    gsize size;
    if (argc != 2)
        return 2;
    NewModel *net = fixture_wide_net();
    const char *bytes = (const char *)new_model_bytes(net, &size);
    gboolean written = g_file_set_contents(argv[1], bytes, (gssize)size, NULL);
    new_model_free(net);
    return !written;
}
