#!/usr/bin/python3
"""wayland.py FOLDER: opens, looks at and closes each window under Wayland. SPDX-License-Identifier: GPL-3.0-or-later

For tests/gimp/wayland.sh, whose GIMP calls an action as soon as the file FOLDER/go-ACTION is there. Windows are found
and buttons pressed by the accessibility bus, since no other program may do either under Wayland; so this also proves
that a screen reader finds them. A window counts as drawn if the picture of the screen with it differs from the one
before in enough places and has many colours there. Pictures stay in FOLDER. Prints TAP.
"""
import glob
import os
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
gi.require_version("GdkPixbuf", "2.0")
from gi.repository import Atspi, GdkPixbuf, GLib  # noqa: E402

WAIT = 40  # seconds for a window to come or go
STEP = 4  # of each row and column of the screen one in so many is looked at
LEAST_PIXELS = 2500
LEAST_COLORS = 30

# Each action with its windows: the title and the button that ends it. An OK runs the action, whose result is a window.
ACTIONS = {
    "project": [("Feature Projection", "Cancel")],
    "browse": [("Feature Browser", "Close")],
    "occlusion": [("Occlusion Sensitivity", "Cancel")],
    "classify": [("Classify", "Close")],
    "check": [("Check How Pictures Are Fed", "Close")],
    "whatif": [("What If", "Close")],
    "evidence": [("Evidence for a Label", "Cancel")],
    "filters": [("Filters and Dead Features", "Cancel")],
    "top": [("The Strongest Nine", "Cancel")],
    "evolution": [("Evolution over Training", "Cancel")],
    "invariance": [("Invariance to Transformations", "Cancel")],
    "correspondence": [("Correspondence of Parts", "Cancel")],
    "compare": [("Compare", "Cancel")],
    "judge": [("Judge Heat Maps", "Cancel")],
    "folder": [("Folder of Pictures", "Cancel")],
    "model": [("About the Model", "OK"), ("About the Model", "Close")],
}


def children(node):
    """Those that are there: windows come and go meanwhile."""
    try:
        found = [node.get_child_at_index(i) for i in range(node.get_child_count())]
        return [child for child in found if child is not None]
    except GLib.Error:
        return []


def windows(wanted):
    found = []
    for program in children(Atspi.get_desktop(0)):
        try:
            if program.get_name() == wanted:
                found += [(window.get_name(), window) for window in children(program)]
        except GLib.Error:
            pass
    return found


def window(title):
    return next((window for name, window in windows("featurescope") if name == title), None)


def button(node, label):
    try:
        if node.get_role() in (Atspi.Role.PUSH_BUTTON, Atspi.Role.TOGGLE_BUTTON) and node.get_name() == label:
            return node
    except GLib.Error:
        return None
    return next((found for found in (button(child, label) for child in children(node)) if found), None)


def wait(condition):
    for _ in range(WAIT * 10):
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    return None


def picture(folder, name):
    before = set(glob.glob(folder + "/wayland-screenshot-*.png"))
    subprocess.run(["weston-screenshooter"], cwd=folder, check=True, env={**os.environ, "XDG_PICTURES_DIR": folder})
    (made,) = set(glob.glob(folder + "/wayland-screenshot-*.png")) - before
    os.rename(made, f"{folder}/{name}.png")
    return GdkPixbuf.Pixbuf.new_from_file(f"{folder}/{name}.png")


def colors_that_changed(before, after):
    """Pixels that differ, and their colours."""
    old, new = before.get_pixels(), after.get_pixels()
    stride, channels = after.get_rowstride(), after.get_n_channels()
    changed, colors = 0, set()
    for y in range(0, after.get_height(), STEP):
        at = y * stride
        row = new[at : at + stride]
        if row == old[at : at + stride]:
            continue
        for x in range(0, after.get_width() * channels, STEP * channels):
            color = row[x : x + 3]
            if color != old[at + x : at + x + 3]:
                changed += 1
                colors.add(color)
    return changed, len(colors)


def look(folder, name, title, label, screen):
    """What is wrong; None: nothing."""
    opened = wait(lambda: window(title))
    if not opened:
        return "did not open; there are: " + ", ".join(name for name, _ in windows("featurescope"))
    pressed = wait(lambda: button(opened, label))
    if not pressed:
        return f'has no button "{label}"'
    time.sleep(0.7)  # for the preview
    changed, colors = colors_that_changed(screen, picture(folder, name))
    pressed.do_action(0)
    if not wait(lambda: window(title) != opened):
        return f'did not close by "{label}"'
    if changed < LEAST_PIXELS or colors < LEAST_COLORS:
        return f"drew {changed} pixels in {colors} colours"
    return None


def main(folder):
    Atspi.init()
    number = bad = 0
    print(f"1..{sum(map(len, ACTIONS.values()))}", flush=True)
    wait(lambda: [name for name, _ in windows("gimp") if "320x240" in name])
    time.sleep(1)
    for action, shown in ACTIONS.items():
        screen = picture(folder, action)
        open(f"{folder}/go-{action}", "w").close()
        for place, (title, label) in enumerate(shown, 1):
            number += 1
            why = look(folder, f"{action}-{place}", title, label, screen)
            print(f"{'not ok' if why else 'ok'} {number} - {action}: {title}, ended by {label}", flush=True)
            if why:
                print("#", why)
                bad += 1
    return bad > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
