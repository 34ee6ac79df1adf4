/* write_fixture.h: a folder for each test of writing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef WRITE_FIXTURE_H
#define WRITE_FIXTURE_H

#include "build_model.h"

typedef struct {
    char *folder, *file;
} Place;

Place place_new(void);

/* Nothing but the file may be left. */
void place_end(Place *place);

/* The test fails if it does not work. */
void must_write(const DcnModel *model, const char *file);
DcnModel *must_open(NewModel *net);

#endif
