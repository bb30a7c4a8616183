#!/usr/bin/env bash
# Installs what is missing, and only that: packages from Debian, Arrow C++ from the pyarrow wheel.
#   packages.sh BUILD [OPTIONAL-PACKAGE…]
# What is optional is for tests, which are reported as skipped without it.
# As root directly, otherwise through sudo. The wheel is unpacked into BUILD/deps and nothing of Python runs later.
set -euo pipefail
build=${1:?build folder}
optional=("${@:2}")

required=(
    g++ cmake ninja-build pkg-config git ca-certificates
    postgresql-15 postgresql-server-dev-15 postgresql-15-pgtap
    libpqxx-dev libxgboost-dev libeigen3-dev nlohmann-json3-dev libspdlog-dev libsodium-dev libcli11-dev
    libcsv-dev libzstd-dev zlib1g-dev libgtest-dev libbenchmark-dev
    python3 python3-pip zstd
)
pyarrow_version=26.0.1 # brings libarrow and libparquet with their headers

say() { echo "setup: $*"; }

installed() { dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

install_packages() { # PACKAGE…
    local missing=() package sudo=()
    for package in "$@"; do installed "$package" || missing+=("$package"); done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || { echo "setup: needs Debian's apt-get, or these packages: ${missing[*]}" >&2; return 1; }
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || { echo "setup: run as root, or install sudo, to install: ${missing[*]}" >&2; return 1; }
        sudo=(sudo)
    fi
    say "installing ${missing[*]}"
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    # dpkg's lock may be held by the machine's own updates for a while
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o DPkg::Lock::Timeout=300 "${missing[@]}" >"$build/packages.log" 2>&1 ||
        { tail -20 "$build/packages.log" >&2; return 1; }
}

# Optional: without it Parquet files are refused with a clear error, and its tests are reported as skipped.
fetch_arrow() {
    local deps=$build/deps
    [ ! -f "$deps/pyarrow-$pyarrow_version.ok" ] || return 0
    mkdir -p "$deps"  # where CMake may leave its notes
    if (cd "$deps" && cmake --find-package -DNAME=Arrow -DCOMPILER_ID=GNU -DLANGUAGE=CXX -DMODE=EXIST) >/dev/null 2>&1; then return 0; fi
    say "fetching Arrow C++ (pyarrow $pyarrow_version)"
    rm -rf "$deps/wheel" "$deps/pyarrow"
    mkdir -p "$deps/wheel"
    if ! /usr/bin/python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --dest "$deps/wheel" "pyarrow==$pyarrow_version" >"$build/arrow.log" 2>&1; then
        say "Arrow C++ could not be fetched: Parquet files cannot be read by this build (see $build/arrow.log)"
        return 0
    fi
    /usr/bin/python3 -m zipfile -e "$deps"/wheel/pyarrow-*.whl "$deps/wheel"
    mkdir -p "$deps/pyarrow"
    mv "$deps"/wheel/pyarrow/include "$deps"/wheel/pyarrow/libarrow.so.* "$deps"/wheel/pyarrow/libparquet.so.* "$deps/pyarrow"
    rm -rf "$deps/wheel"
    touch "$deps/pyarrow-$pyarrow_version.ok"
}

mkdir -p "$build"
install_packages "${required[@]}"
install_packages "${optional[@]}" || say "without ${optional[*]}: their tests are skipped"
fetch_arrow
