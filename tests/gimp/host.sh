# host.sh: a GIMP without a window, for programs that source it. SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
#     host_find BUILD            prints gimp3 or gimp2: the newest one that was built and is here
#     host_profile HOST BUILD PROFILE [FILE...]   a small profile with the plug-in installed
#     host_run HOST PROFILE LOG SCHEME            runs SCHEME; fails if it does not end with (test-ok)
#
# Nothing of the user's own profile is read or written.

host_console() {
    case $1 in
        gimp2) echo gimp-console-2.10 ;;
        gimp3) echo gimp-console-3.0 ;;
    esac
}

# The version in GIMP's own words.
host_version() {
    "$(host_console "$1")" --version 2> /dev/null | head -n 1
}

host_find() {
    local host
    for host in gimp3 gimp2; do
        if [ -x "$1/plugin/$host/featurescope" ] && command -v "$(host_console $host)" > /dev/null; then
            echo $host
            return
        fi
    done
    return 1
}

# The folder of GIMP's own plug-ins.
host_plug_ins() {
    local pc=gimp-2.0
    [ "$1" = gimp2 ] || pc=gimp-3.0
    echo "$(pkg-config --variable=gimplibdir $pc)/plug-ins"
}

# FILE...: pictures to be read; those that are neither PNG nor JPEG want all of GIMP's loaders, which cost
# a second at the start.
host_profile() {
    local host=$1 build=$2 profile=$3 system name names="script-fu file-png file-jpeg" file
    shift 3
    system=$(host_plug_ins "$host")
    mkdir -p "$profile/plug-ins" "$profile/gradients"
    for file in "$@"; do
        case ${file,,} in
            *.png | *.jpg | *.jpeg) ;;
            *) names="script-fu $(cd "$system" && echo file-*)" ;;
        esac
    done
    for name in $names; do
        [ ! -e "$system/$name" ] || ln -sfn "$system/$name" "$profile/plug-ins/$name"
    done
    {
        [ "$host" = gimp2 ] || echo '(config-version "3.0.4")'
        # shellcheck disable=SC2016
        echo '(plug-in-path "${gimp_dir}/plug-ins")'
    } > "$profile/gimprc"
    sh "$(dirname "${BASH_SOURCE[0]}")/../../plugin/install-user.sh" "$build" "$host" "$profile"
}

host_run() {
    local host=$1 profile=$2 log=$3 scheme=$4 status=0 end=(-b '(gimp-quit 1)')
    [ "$host" = gimp2 ] || end=(--quit)
    env -u DISPLAY -u WAYLAND_DISPLAY LC_ALL=C.UTF-8 GIMP2_DIRECTORY="$profile" GIMP3_DIRECTORY="$profile" \
        timeout "${FEATURESCOPE_TIMEOUT:-300}" "$(host_console "$host")" -i -d -f \
        --batch-interpreter=plug-in-script-fu-eval -b "$scheme" "${end[@]}" \
        < /dev/null > "$log" 2>&1 || status=$?
    [ $status = 0 ] && grep -q 'TEST OK' "$log" && ! grep -q 'Plug-in crashed' "$log"
}

# A string as Scheme reads it.
host_string() {
    local text=${1//\\/\\\\}
    printf '"%s"' "${text//\"/\\\"}"
}
