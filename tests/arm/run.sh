#!/bin/bash
# tests/arm/run.sh [TEST...]: builds core/ for 64-bit Arm and runs its tests in qemu-user, all of them or the named ones.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Needs Debian's packages gcc-aarch64-linux-gnu, qemu-user, meson and protobuf-c-compiler (installed as root). Libraries for
# Arm are unpacked into a folder of their own, by an apt with its own lists: this machine's packages stay as they are.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/../.."
jobs=${FEATURESCOPE_JOBS:-$(nproc)}
folder=${FEATURESCOPE_CHROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/featurescope}/arm64
system=$folder/system
libraries=$system/usr/lib/aarch64-linux-gnu

install_tools() {
    local missing=() name sudo=
    for name in gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user meson ninja-build pkg-config protobuf-c-compiler; do
        dpkg-query -W -f '${db:Status-Status}' "$name" 2> /dev/null | grep -qx installed || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    [ -z "${FEATURESCOPE_OFFLINE:-}" ] || {
        echo "these packages are missing: ${missing[*]}" >&2
        exit 1
    }
    [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -qq -o DPkg::Lock::Timeout=600
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o DPkg::Lock::Timeout=600 --no-install-recommends "${missing[@]}" > /dev/null
}

# What the libraries depend on comes along; of it only libraries are unpacked.
unpack_libraries() {
    [ ! -e "$system/complete" ] || return 0
    rm -rf "$folder"
    mkdir -p "$folder/lists/partial" "$folder/archives/partial" "$system"
    local apt=(apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Install-Recommends=false
        -o Acquire::Languages=none -o "Dir::State=$folder" -o "Dir::State::lists=$folder/lists"
        -o Dir::State::status=/dev/null -o "Dir::Cache=$folder" -o "Dir::Cache::archives=$folder/archives") package
    "${apt[@]}" update
    "${apt[@]}" install -y --download-only libopenblas-pthread-dev libprotobuf-c-dev libglib2.0-dev > /dev/null
    for package in "$folder"/archives/lib*.deb "$folder"/archives/zlib*.deb; do
        dpkg -x "$package" "$system"
    done
    ln -s openblas-pthread/libopenblas.so.0 openblas-pthread/libopenblas.so "$libraries" # as update-alternatives would
    rm -r "$folder/archives" "$folder/lists"
    touch "$system/complete"
}

install_tools
unpack_libraries
cat > "$folder/system.ini" <<END
[binaries]
c = ['aarch64-linux-gnu-gcc', '--sysroot=$system']
exe_wrapper = ['qemu-aarch64', '-L', '$system']

[properties]
sys_root = '$system'
pkg_config_libdir = ['$libraries/pkgconfig', '$libraries/openblas-pthread/pkgconfig']
END
[ -e build-arm/build.ninja ] || meson setup build-arm --cross-file tests/arm/aarch64.ini --cross-file "$folder/system.ini" \
    -Dcore_only=true
ninja -C build-arm -j "$jobs"
status=0
# qemu takes ten times as long as a processor
meson test -C build-arm --no-rebuild --num-processes "$jobs" --timeout-multiplier 10 --print-errorlogs "$@" || status=1
[ $# -gt 0 ] || qemu-aarch64 -L "$system" build-arm/tests/case tests/data/nets tests/data/foreign tests/data/training || status=1
exit $status
