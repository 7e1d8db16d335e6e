#!/usr/bin/env bash
# Installs what the tests need and what is missing, by name: Debian packages, then those of npm. Starts no service, and leaves running ones alone.
# Mail servers that Debian lets stand only alone are unpacked beside the installed one: artifacts/deb/PACKAGE.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()
while IFS=$'\t' read -r package _; do packages+=("$package"); done <eng/test-packages.tsv
beside=()
while IFS=$'\t' read -r package _; do beside+=("$package"); done <eng/unpacked-packages.tsv

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "not a Debian system: the tests need what Debian names ${packages[*]}" >&2
    exit 0
fi

# Another package may provide one: a nodejs from elsewhere brings npm along.
there=$(dpkg-query -W -f '${db:Status-Status} ${Package}, ${Provides}\n' | sed -n 's/^installed //p' | tr ',' '\n' | sed -E 's/^ +//; s/ .*//')
missing=()
for package in "${packages[@]}"; do
    grep -qxF "$package" <<<"$there" || missing+=("$package")
done

not_unpacked=()
for package in "${beside[@]}"; do
    [ -e "artifacts/deb/$package/usr" ] || not_unpacked+=("$package")
done

# Downloaded and unpacked, no more: no script of a package is run, and dpkg does not hear of it.
unpack() {
    mkdir -p artifacts/deb
    local package into
    for package in "${not_unpacked[@]}"; do
        echo "unpacking $package"
        into=$(mktemp -d artifacts/deb/new.XXXXXX)
        (cd "$into" && apt-get download -q -o APT::Sandbox::User=root "$package") && dpkg-deb -x "$into/$package"_*.deb "$into/all" || return
        chmod 755 "$into/all"
        rm -rf "artifacts/deb/$package"
        mv "$into/all" "artifacts/deb/$package"
        rm -rf "$into"
    done
}

# What npm has: as the lock file says, once for each state of it. No script of a package is run.
npm_packages() {
    local into=artifacts/npm
    cmp -s eng/npm/package-lock.json "$into/done" && return
    mkdir -p "$into"
    cp eng/npm/package.json eng/npm/package-lock.json "$into"
    echo "installing $(sed -nE 's/^ *"([^"]+)": "[0-9].*/\1/p' eng/npm/package.json | xargs) from npm"
    (cd "$into" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null)
    cp "$into/package-lock.json" "$into/done"
}

if [ ${#missing[@]} -eq 0 ] && [ ${#not_unpacked[@]} -eq 0 ]; then
    npm_packages
    exit
fi

if [ "$(id -u)" -ne 0 ]; then
    echo "the tests need root, for: apt-get install ${missing[*]} ${not_unpacked[*]}" >&2
    exit 1
fi

# A mail server that is installed for its tools must not start to listen; an administrator's own policy stays as it is.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi

[ ${#missing[@]} -eq 0 ] || echo "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
printf 'postfix postfix/main_mailer_type select No configuration\n' | debconf-set-selections
log=$(mktemp)
if ! { apt-get update -q && apt-get install -q -y --no-install-recommends "${missing[@]}" && unpack; } >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    rm -f "$log"
    exit 1
fi
rm -f "$log"
npm_packages
