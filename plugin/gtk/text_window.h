/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text_window.h: a window with a plain text that can be copied and saved. */
#ifndef FEATURESCOPE_GTK_TEXT_WINDOW_H
#define FEATURESCOPE_GTK_TEXT_WINDOW_H

/* Shows the window until it is closed. */
void text_window(const char *title, const char *role, const char *text);

#endif
