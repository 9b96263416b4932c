#!/usr/bin/env bash
# Builds backlint from the action's own sources into FOLDER.
set -euo pipefail

# Cargo and rustup read settings from the current folder and those above it. It must not be one of the checked code,
# which could name a compiler of its own there.
cd "$GITHUB_ACTION_PATH"
CARGO_TARGET_DIR="$RUNNER_TEMP/backlint-build" cargo install --locked --path . --root "$FOLDER"
