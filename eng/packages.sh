#!/usr/bin/env bash
# Installs what the tests need and what is missing, by name: Debian packages, then those of npm. Starts no service, and leaves running ones alone.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()
while IFS=$'\t' read -r package _; do packages+=("$package"); done <eng/test-packages.tsv

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

if [ ${#missing[@]} -eq 0 ]; then
    npm_packages
    exit
fi

if [ "$(id -u)" -ne 0 ]; then
    echo "the tests need: apt-get install ${missing[*]}" >&2
    exit 1
fi

# A mail server that is installed for its tools must not start to listen; an administrator's own policy stays as it is.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi

echo "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
printf 'postfix postfix/main_mailer_type select No configuration\n' | debconf-set-selections
log=$(mktemp)
if ! { apt-get update -q && apt-get install -q -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    rm -f "$log"
    exit 1
fi
rm -f "$log"
npm_packages
