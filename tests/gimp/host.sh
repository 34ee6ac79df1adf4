# host.sh: a real GIMP for tests, with a profile of its own. SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# For scripts that source it and have set root to the folder of the project. HOST is gimp2 or gimp3; the newest
# GIMP of that host is taken (plugin/gimps.sh), or FEATURESCOPE_GIMP. The user's own profile is neither read nor
# written.
#
#     host_find BUILD                    prints gimp3 or gimp2: the newest that is here and was built for
#     host_version HOST                  its version in its own words
#     host_plug_ins HOST                 the folder of GIMP's own plug-ins
#     host_profile HOST BUILD PROFILE [FILE...]   a small profile with the plug-in installed as a user has it
#     host_test_profile HOST BUILD PROFILE        one with the plug-in, its test plug-ins and tables.scm
#     host_prelude HOST PROFILE                   the Scheme that scripts of tests/gimp need before them
#     host_batch HOST PROFILE SCHEME              runs SCHEME without a window
#     host_run HOST PROFILE LOG SCHEME            the same; fails if it does not end with (test-ok)
#     host_complaints LOG                         what GIMP with windows, and ours, complained of
# shellcheck disable=SC1091,SC2154
. "$root/plugin/gimps.sh"

host_version() {
    "$(gimp_console "$1")" --version 2> /dev/null | head -n 1
}

host_find() (
    for found in gimp3 gimp2; do
        [ -x "$1/plugin/$found/featurescope" ] && gimp_console $found > /dev/null && echo $found && return
    done
    return 1
)

host_plug_ins() {
    case $1 in
        gimp2) echo "$(pkg-config --variable=gimplibdir gimp-2.0)/plug-ins" ;;
        gimp3) echo "$(pkg-config --variable=gimplibdir gimp-3.0)/plug-ins" ;;
        *)
            echo "the host is gimp2 or gimp3, not $1" >&2
            return 1
            ;;
    esac
}

# Only the plug-ins of the profile, which start fast, and of GIMP 3's extensions not its exercises for programmers.
# GIMP 3 greets whoever has no version or another one.
host_gimprc() { # HOST PROFILE
    {
        [ "$1" = gimp2 ] || echo "(config-version \"$(gimps | awk -v host="$1" '$1 == host { print $2; exit }')\")
            (show-welcome-dialog no) (check-updates no)"
        # shellcheck disable=SC2016
        echo '(plug-in-path "${gimp_dir}/plug-ins") (undo-levels 5)'
    } > "$2/gimprc"
    [ "$1" = gimp2 ] || echo '(GimpExtension "org.gimp.extension.goat-exercises" (active no))' > "$2/extensionrc"
}

host_link() ( # HOST PROFILE NAME...: GIMP's own plug-ins
    system=$(host_plug_ins "$1") || return
    linked=$2/plug-ins
    shift 2
    mkdir -p "$linked" "$linked/../gradients"
    for name in "$@"; do
        [ ! -e "$system/$name" ] || ln -sfn "$system/$name" "$linked/$name"
    done
)

# FILE...: pictures to be read; those that are neither PNG nor JPEG want all of GIMP's loaders, which cost a second
# at the start.
host_profile() (
    host=$1 build=$2 profile=$3
    shift 3
    loaders='file-png file-jpeg'
    for file in "$@"; do
        case $file in
            *.[pP][nN][gG] | *.[jJ][pP][gG] | *.[jJ][pP][eE][gG]) ;;
            *) loaders=$(cd "$(host_plug_ins "$host")" && echo file-*) ;;
        esac
    done
    # shellcheck disable=SC2086
    host_link "$host" "$profile" script-fu $loaders && host_gimprc "$host" "$profile" || return
    if [ -d "$build/stage" ]; then # see inside.sh
        sh "$root/plugin/package/place.sh" "$build/stage" "$profile"
    else
        sh "$root/plugin/install-user.sh" "$build" "$host" "$profile"
    fi
)

host_test_profile() (
    host_link "$1" "$3" script-fu file-png file-jpeg file-tiff file-pdf-save file-pdf-export \
        file-gif-load file-gif-save file-gif-export file-webp && host_gimprc "$1" "$3" || return
    for program in "$2/plugin/$1/featurescope" "$2"/tests/gimp/featurescope-hosttest "$2"/tests/gimp/featurescope-caller; do
        [ -x "$program" ] || continue
        folder=$3/plug-ins/${program##*/}
        mkdir "$folder" && cp "$program" "$2/plugin/decode/featurescope-decode" "$folder/" && ln -s "$root/icons" "$root/models" "$folder/" || return
        DESTDIR='' sh "$root/plugin/help/install.sh" "$2/plugin/help" "$root" "$folder" || return
        [ ! -d "$2/translations/locale" ] || ln -s "$2/translations/locale" "$folder/"
    done
    # GIMP itself has no sanitizers, so it gets the module of the build without them.
    mkdir -p "$3/gegl" && cp "${2%-asan}/plugin/gegl/featurescope.so" "$3/gegl/" &&
        ln -s "$3/plug-ins/featurescope" "$3/gegl/featurescope" || return
    for table in "$2/tests/gimp/table-hosttest" "$2/tests/plugin/table"; do
        "$table" || return
    done > "$3/tables.scm"
)

# Where GEGL finds its own modules, and ours of a profile.
host_gegl_path() { # PROFILE
    echo "$(pkg-config --variable=pluginsdir gegl-0.4):$1/gegl"
}

host_prelude() {
    echo "(define host \"$1\")
        (define root-folder $(host_string "$root"))
        (load $(host_string "$root/tests/gimp/prelude.scm"))
        (load $(host_string "$root/tests/gimp/prelude-$1.scm"))
        (load $(host_string "$2/tables.scm"))"
}

# FEATURESCOPE_FONTS=-s instead of -f: with fonts, which take time to be found.
# (-k: GIMP 3 hangs now and then in what it does at SIGTERM.)
host_batch() (
    if [ "$1" = gimp2 ]; then
        set -- "$1" "$2" "$3" -b '(gimp-quit 1)'
    else
        set -- "$1" "$2" "$3" --quit
    fi
    host=$1 profile=$2 scheme=$3
    shift 3
    env -u DISPLAY -u WAYLAND_DISPLAY LC_ALL="${FEATURESCOPE_LOCALE:-C.UTF-8}" XDG_CONFIG_HOME="$profile/config" GIMP2_DIRECTORY="$profile" GIMP3_DIRECTORY="$profile" \
        GEGL_PATH="$(host_gegl_path "$profile")" timeout -k 5 "${FEATURESCOPE_TIMEOUT:-300}" "$(gimp_console "$host")" -i -d ${FEATURESCOPE_FONTS:--f} \
        --batch-interpreter=plug-in-script-fu-eval -b "(begin $scheme)" "$@" < /dev/null
)

host_run() {
    host_batch "$1" "$2" "$4" > "$3" 2>&1 && grep -q 'TEST OK' "$3" && ! grep -q 'Plug-in crashed' "$3"
}

# A missing theme engine of GTK 2 is no fault of ours. GIMP 3 closes its pipes as soon as an action has returned, and
# waits for nobody: what libgimp says last may find its pipe broken, in any plug-in. libgimp 2 asks whether a drawable
# is there and then how large it is; between the two a person may close the image.
host_complaints() {
    grep -v 'theme engine\|LibGimp-WARNING.* gimp_flush(): error: Broken pipe\|LibGimp-CRITICAL.* gimp_drawable_get: assertion' "$1" |
        grep -E 'Plug-in crashed|AddressSanitizer|runtime error|FAILED|\(featurescope(-hosttest)?:.*(CRITICAL|WARNING)'
}

# A string as Scheme reads it.
host_string() {
    printf '"%s"' "$(printf %s "$1" | sed 's/[\\"]/\\&/g')"
}
