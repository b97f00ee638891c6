#!/bin/sh
# Generates code with the command, into the folder $1: a crate, a module with a client, and one with a server.
set -eu
here="$(cd "$(dirname "$0")" && pwd)"
cd "$1"

specwright inspect --spec "$here/spec/openapi.yaml"
specwright generate --spec "$here/spec/openapi.yaml" --config "$here/spec/specwright.toml" --out weather-client --standalone
specwright generate --spec "$here/spec/openapi.yaml" --config "$here/spec/specwright.toml" --out src/api --module crate::api
specwright generate --spec "$here/spec/openapi.yaml" --config "$here/spec/specwright.toml" --out src/served \
  --module crate::served --server crate::api::models

# In CI: fails if the committed code differs.
specwright check --spec "$here/spec/openapi.yaml" --config "$here/spec/specwright.toml" --out src/api --module crate::api
