#!/usr/bin/env bash
# Writes the Homebrew formula of each program: formula.sh REPOSITORY DIR
#
# DIR has the checksums of the archives that build.sh has written, and gets the formulas.
set -euo pipefail
repository="$1" directory="$2"
here="$(dirname "$0")"
version="$(sed -n 's/^version = "\(.*\)"$/\1/p' "$here/../../Cargo.toml" | head -n 1)"

formula() {
  local name="$1" class="$2" summary="$3" target checksum
  local script=(-e "s|@NAME@|$name|g" -e "s|@CLASS@|$class|g" -e "s|@SUMMARY@|$summary|g")
  script+=(-e "s|@VERSION@|$version|g" -e "s|@REPOSITORY@|$repository|g")
  for target in {aarch64,x86_64}-{apple-darwin,unknown-linux-musl}; do
    checksum="$(cut -d ' ' -f 1 "$directory/$name-$version-$target.tgz.sha256")"
    script+=(-e "s|@SHA256-$target@|$checksum|g")
  done
  sed "${script[@]}" "$here/formula.rb.in" >"$directory/$name.rb"
}

formula ci-report CiReport "Reports any CI run to CI Visibility of Datadog, from any shell"
formula specwright Specwright "Generates typed Rust clients and servers from OpenAPI documents"
formula datadog-ci-intake DatadogCiIntake "CI Visibility Pipelines API of Datadog on your machine, for testing"
