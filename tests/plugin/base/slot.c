/* SPDX-License-Identifier: GPL-3.0-or-later */
/* slot.c: tests of names that one run at a time holds. */
#define _POSIX_C_SOURCE 200809L /* symlink() */
#include "base/slot.h"
#include "plugin/fixture/fixture.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static char *
new_folder(const char *name)
{
    char *folder = fixture_path(name);
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    return folder;
}

static void
check_name(const Slot *slot, const char *folder, const char *name)
{
    g_autofree char *wanted = g_build_filename(folder, name, NULL);
    g_assert_nonnull(slot);
    g_assert_cmpstr(slot_name(slot), ==, wanted);
}

static void
check_refused(const char *folder, const char *sentence)
{
    GError *error = NULL;
    g_assert_null(slot_take(folder, ".part", &error));
    g_assert_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILED);
    g_assert_nonnull(strstr(error->message, sentence));
    g_error_free(error);
}

static void
each_has_a_name_of_its_own(void)
{
    g_autofree char *folder = new_folder("slots");
    Slot *first = slot_take(folder, ".part", NULL);
    Slot *second = slot_take(folder, ".part", NULL);
    Slot *other = slot_take(folder, ".other", NULL);
    check_name(first, folder, ".part");
    check_name(second, folder, ".part-2");
    check_name(other, folder, ".other");
    slot_free(first);
    Slot *third = slot_take(folder, ".part", NULL);
    check_name(third, folder, ".part");
    slot_free(third);
    slot_free(second);
    slot_free(other);
    g_assert_cmpint(g_rmdir(folder), ==, 0); /* nothing is left */
}

static void
what_an_ended_process_held_is_free(void)
{
    g_autofree char *folder = new_folder("ended");
    g_autofree char *left = g_build_filename(folder, ".part.lock", NULL);
    g_assert_true(g_file_set_contents(left, "", 0, NULL));
    Slot *slot = slot_take(folder, ".part", NULL);
    check_name(slot, folder, ".part");
    slot_free(slot);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
}

static void
a_folder_that_takes_nothing_is_named(void)
{
    check_refused("/nowhere at all", "“/nowhere at all” cannot be written: ");
    g_autofree char *folder = new_folder("led");
    g_autofree char *lock = g_build_filename(folder, ".part.lock", NULL);
    g_autofree char *elsewhere = fixture_path("elsewhere");
    g_assert_cmpint(symlink(elsewhere, lock), ==, 0);
    check_refused(folder, "/led” cannot be written: ");
    g_assert_false(g_file_test(elsewhere, G_FILE_TEST_EXISTS));
    g_assert_cmpint(g_unlink(lock), ==, 0);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    slot_free(NULL);
}

int
main(int argc, char **argv)
{
    fixture_start(&argc, &argv);
    g_test_add_func("/slot/own", each_has_a_name_of_its_own);
    g_test_add_func("/slot/ended", what_an_ended_process_held_is_free);
    g_test_add_func("/slot/refused", a_folder_that_takes_nothing_is_named);
    int failed = g_test_run();
    fixture_end();
    return failed;
}
