#!/usr/bin/env bash
# The cheap checks of form; the build itself asserts style, analysers and banned symbols.
set -euo pipefail
cd "$(dirname "$0")/.."

status=0
fault() { printf '%s\n' "$1" >&2; status=1; }

dotnet format whitespace --folder --verify-no-changes --exclude artifacts --verbosity quiet . || fault "dotnet format whitespace --folder . would change files"

# Each source of a project is in the solution, so that one build is the whole of it.
while IFS= read -r project; do
    grep -qF "Path=\"$project\"" Pillarbox.slnx || fault "Pillarbox.slnx does not name $project"
done < <(git ls-files 'src/*.csproj' 'tests/*.csproj')

while IFS= read -r script; do
    bash -n "$script" || fault "$script does not parse"
done < <(git grep -lE '^#!.*\bbash$' -- ':!*.md')

exit "$status"
