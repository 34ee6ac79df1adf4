# gimps.sh: which GIMPs are on this machine, for scripts that source it. SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
#     gimps                one line a GIMP: HOST VERSION PROGRAM; newest first
#     gimp_console HOST    the program of the newest GIMP of that host, without windows; fails if there is none
#     gimp_with_windows PROGRAM   the program beside it that has windows: gimp-3.2 for gimp-console-3.2
#     gimp_profile HOST VERSION   the user's folder for it, such as ~/.config/GIMP/3.2 for 3.2.6
#     gimp_profiles        one line a folder of this user: HOST VERSION KIND FOLDER; KIND is native, flatpak or snap
#
# HOST is gimp2 (2.10) or gimp3 (3.0 and later). Programs are looked for in PATH by any of their names; one that is
# reached by several names (gimp-console-3 is a link to gimp-console-3.2) counts once.
# Environment: GIMP2_DIRECTORY, GIMP3_DIRECTORY (a profile, for all versions of that host), as in GIMP itself;
# FEATURESCOPE_GIMP (the one program to look at).

# The programs that may be GIMPs, by their real paths, each once.
gimp_programs() (
    if [ -n "${FEATURESCOPE_GIMP:-}" ]; then
        command -v "$FEATURESCOPE_GIMP"
        return
    fi
    IFS=:
    for folder in $PATH; do
        for program in "$folder"/gimp-console-2.10 "$folder"/gimp-console-[3-9]* "$folder"/gimp-console; do
            [ -f "$program" ] && [ -x "$program" ] && realpath "$program"
        done
    done | sort -u
)

gimps() (
    gimp_programs | while IFS= read -r program; do
        version=$(LC_ALL=C "$program" --version 2> /dev/null < /dev/null |
            sed -n '1s/^.* version \([0-9][0-9]*\.[0-9][.0-9]*\).*/\1/p')
        case $version in
            2.10.*) echo "gimp2 $version $program" ;;
            3.*) echo "gimp3 $version $program" ;;
        esac
    done | sort -k2,2Vr
)

gimp_console() (
    program=$(gimps | sed -n "s/^$1 [^ ]* //p" | head -n 1)
    [ -n "$program" ] && echo "$program"
)

gimp_with_windows() {
    echo "${1%/*}/gimp${1##*/gimp-console}"
}

# GIMP names the folder by the first two numbers of its version.
gimp_profile() (
    case $1 in
        gimp2) folder=${GIMP2_DIRECTORY:-} ;;
        *) folder=${GIMP3_DIRECTORY:-} ;;
    esac
    echo "${folder:-${XDG_CONFIG_HOME:-$HOME/.config}/GIMP/$(echo "$2" | cut -d. -f1-2)}"
)

# Profiles lie in $1, one a version; $2 is their kind.
gimp_profiles_in() {
    for folder in "$1"/2.10 "$1"/[3-9].*; do
        [ -d "$folder" ] || continue
        case ${folder##*/} in
            2.10) echo "gimp2 2.10 $2 $folder" ;;
            *) echo "gimp3 ${folder##*/} $2 $folder" ;;
        esac
    done
}

# Those of the programs in PATH, and all that are there: an AppImage is in no PATH. A Flatpak has its own folder and may
# write to the common one (its manifest asks for xdg-config/GIMP), so before its first start it has both; a Snap has a
# folder of its own.
gimp_profiles() (
    flatpak=$HOME/.var/app/org.gimp.GIMP/config/GIMP
    {
        gimps | while read -r host version program; do
            echo "$host $(echo "$version" | cut -d. -f1-2) native $(gimp_profile "$host" "$version")"
        done
        version=$(LC_ALL=C flatpak info org.gimp.GIMP 2> /dev/null < /dev/null | sed -n 's/^ *Version: *//p')
        case $version in
            2.10.*) echo "gimp2 2.10 flatpak $flatpak/2.10" && echo "gimp2 2.10 flatpak $(gimp_profile gimp2 2.10)" ;;
            3.*)
                version=$(echo "$version" | cut -d. -f1-2)
                echo "gimp3 $version flatpak $flatpak/$version" && echo "gimp3 $version flatpak $(gimp_profile gimp3 "$version")"
                ;;
        esac
        gimp_profiles_in "${XDG_CONFIG_HOME:-$HOME/.config}/GIMP" native
        gimp_profiles_in "$flatpak" flatpak
        gimp_profiles_in "$HOME/snap/gimp/current/.config/GIMP" snap
    } | awk '{ folder = $0; sub(/^[^ ]+ [^ ]+ [^ ]+ /, "", folder) } !seen[folder]++'
)
