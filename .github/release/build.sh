#!/usr/bin/env bash
# Builds the programs for a target, and writes an archive and a checksum of each: build.sh TARGET DIR
#
# Targets with musl give static programs. `ci-report` wraps commands with signals, so it is not built for Windows.
set -euo pipefail
target="$1"
mkdir -p "$2"
out="$(cd "$2" && pwd)"
cd "$(dirname "$0")/../.."

version="$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

# Writes the checksum of a file next to it, in the format that `sha256sum --check` reads.
checksum() (
  cd "$out"
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi >"$1.sha256"
)

# The package in a folder has the program of a name.
program() {
  local name="$1" folder="$2" suffix=""
  local archive="$name-$version-$target"
  [[ "$target" == *windows* ]] && suffix=".exe"
  echo "=== $archive"
  # Installed from its folder, because `ci-report` has settings there.
  (cd "$folder" && cargo install --quiet --locked --no-track --path . --root "$scratch" --target "$target" \
    --target-dir "${CARGO_TARGET_DIR:-../target/release-$target}")
  mkdir "$scratch/$archive"
  cp "$scratch/bin/$name$suffix" "$folder/README.md" LICENSE-APACHE LICENSE-MIT "$scratch/$archive"
  tar -czf "$out/$archive.tgz" -C "$scratch" "$archive"
  checksum "$archive.tgz"
}

program specwright cli
program datadog-ci-intake local-intake
[[ "$target" == *windows* ]] || program ci-report ci-report
