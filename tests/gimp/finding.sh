#!/bin/sh
# finding.sh: plugin/gimps.sh finds the GIMPs of PATH, each once. Prints TAP. SPDX-License-Identifier: GPL-3.0-or-later
#
# The GIMPs are scripts that say a version, in folders of their own.
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d) || exit 2
folder=$(realpath "$folder")
trap 'rm -rf "$folder"' EXIT
number=0 bad=0
unset FEATURESCOPE_GIMP GIMP2_DIRECTORY GIMP3_DIRECTORY
export XDG_CONFIG_HOME="$folder/config"

fake() { # PATH VERSION
    mkdir -p "$(dirname "$folder/$1")"
    printf '#!/bin/sh\necho "GNU Image Manipulation Program version %s"\n' "$2" > "$folder/$1"
    chmod +x "$folder/$1"
}

# check NAME WANTED FOUND
check() {
    number=$((number + 1))
    if [ "$2" = "$3" ]; then
        echo "ok $number - $1"
    else
        echo "not ok $number - $1"
        printf 'wanted:\n%s\nfound:\n%s\n' "$2" "$3" | sed 's/^/# /'
        bad=1
    fi
}

# found PATH COMMAND...: with those folders below ours before the system's own, which has GIMPs out of sight
found() {
    path=
    for name in $(echo "$1" | tr : ' '); do path="$path$folder/$name:"; done
    shift
    PATH="$path$folder/tools" "$@" 2>&1
}
mkdir "$folder/tools"
for tool in awk cut dirname env grep head mkdir realpath rm sed sh sort; do ln -s "$(command -v $tool)" "$folder/tools/"; done
. "$root/plugin/gimps.sh"

check "none" "" "$(found nothing gimps)"
check "no program of one" "" "$(found nothing gimp_console gimp3)"

fake old/gimp-console-2.10 2.10.34
ln -s gimp-console-2.10 "$folder/old/gimp-console"
check "2.10 by two names" "gimp2 2.10.34 $folder/old/gimp-console-2.10" "$(found old gimps)"

fake new/gimp-console-3.2 3.2.6
ln -s gimp-console-3.2 "$folder/new/gimp-console-3"
ln -s gimp-console-3 "$folder/new/gimp-console"
check "3.2 by three names" "gimp3 3.2.6 $folder/new/gimp-console-3.2" "$(found new gimps)"

fake "mid/gimp-console-3.0" 3.0.4
fake "own/gimp-console" 3.10.0
check "side by side, newest first" "gimp3 3.10.0 $folder/own/gimp-console
gimp3 3.2.6 $folder/new/gimp-console-3.2
gimp3 3.0.4 $folder/mid/gimp-console-3.0
gimp2 2.10.34 $folder/old/gimp-console-2.10" "$(found old:mid:new:own gimps)"
check "the newest of a host" "$folder/new/gimp-console-3.2" "$(found old:mid:new gimp_console gimp3)"
check "the other host" "$folder/old/gimp-console-2.10" "$(found old:mid:new gimp_console gimp2)"
check "the one that is asked for" "gimp3 3.0.4 $folder/mid/gimp-console-3.0" \
    "$(FEATURESCOPE_GIMP=gimp-console-3.0 found old:mid:new gimps)"

fake "a b/gimp-console-3" 3.0.4
check "a folder with a space" "gimp3 3.0.4 $folder/a b/gimp-console-3" "$(PATH="$folder/a b:$folder/tools" gimps)"
fake broken/gimp-console-3.2 "of nothing"
fake broken/gimp-console-2.10 2.8.22
check "what is no GIMP of ours" "" "$(found broken gimps)"

check "its program with windows" /usr/bin/gimp-3.2 "$(gimp_with_windows /usr/bin/gimp-console-3.2)"
check "its program with windows, without a version" /usr/bin/gimp "$(gimp_with_windows /usr/bin/gimp-console)"
check "the profile of 3.2.6" "$folder/config/GIMP/3.2" "$(gimp_profile gimp3 3.2.6)"
check "the profile of 2.10.34" "$folder/config/GIMP/2.10" "$(gimp_profile gimp2 2.10.34)"
check "a profile that GIMP is told" /elsewhere "$(GIMP3_DIRECTORY=/elsewhere gimp_profile gimp3 3.2.6)"

# Profiles of this user: of programs, and what is there.
HOME=$folder/home
export HOME
unset XDG_CONFIG_HOME
mkdir "$HOME"
check "no profile" "" "$(found nothing gimp_profiles)"
check "a profile that is not made yet" "gimp3 3.2 native $HOME/.config/GIMP/3.2" "$(found new gimp_profiles)"
mkdir -p "$HOME/.config/GIMP/2.10" "$HOME/.config/GIMP/3.0" "$HOME/.config/GIMP/2.99"
check "those that are there, each once" "gimp3 3.0 native $HOME/.config/GIMP/3.0
gimp2 2.10 native $HOME/.config/GIMP/2.10" "$(found mid gimp_profiles)"
rm -r "$HOME/.config"
boxed=$HOME/.var/app/org.gimp.GIMP/config/GIMP
mkdir -p "$boxed/3.2" "$HOME/snap/gimp/447/.config/GIMP/3.0"
ln -s 447 "$HOME/snap/gimp/current"
check "of a Flatpak and of a Snap" "gimp3 3.2 flatpak $boxed/3.2
gimp3 3.0 snap $HOME/snap/gimp/current/.config/GIMP/3.0" "$(found nothing gimp_profiles)"
rm -r "$boxed" "$HOME/snap"
mkdir "$folder/flatpak"
printf '#!/bin/sh\n[ "$*" = "info org.gimp.GIMP" ] && printf "\\n       ID: org.gimp.GIMP\\n  Version: 3.2.6\\n"\n' \
    > "$folder/flatpak/flatpak"
chmod +x "$folder/flatpak/flatpak"
check "of a Flatpak that was never started, its own and the common one" "gimp3 3.2 flatpak $boxed/3.2
gimp3 3.2 flatpak $HOME/.config/GIMP/3.2" "$(found flatpak gimp_profiles)"
check "a profile that is common to both" "gimp3 3.2 native $HOME/.config/GIMP/3.2
gimp3 3.2 flatpak $boxed/3.2" "$(found new:flatpak gimp_profiles)"
echo "1..$number"
exit $bad
