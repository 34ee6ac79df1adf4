# gimps.sh: which GIMPs are on this machine, for scripts that source it. SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
#     gimps                one line a GIMP: HOST VERSION PROGRAM; newest first
#     gimp_console HOST    the program of the newest GIMP of that host, without windows; fails if there is none
#     gimp_with_windows PROGRAM   the program beside it that has windows: gimp-3.2 for gimp-console-3.2
#     gimp_profile HOST VERSION   the user's folder for it, such as ~/.config/GIMP/3.2 for 3.2.6
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
