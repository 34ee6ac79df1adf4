/* make_pictures.c: make_pictures FOLDER SIDE COUNT: three classes of striped pictures.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "fixture.h"
#include <stdlib.h>

int
main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    fixture_classes(argv[1], atoi(argv[2]), atoi(argv[3]));
    return 0;
}
