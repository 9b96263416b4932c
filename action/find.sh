#!/usr/bin/env bash
# Says which backlint is run: the one that BACKLINT_BIN names, or one that is built from this version of the action.
set -euo pipefail

output() { printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"; }

if [[ -n "${BACKLINT_BIN:-}" ]]; then
  if [[ ! -x "$BACKLINT_BIN" || "$BACKLINT_BIN" == *$'\n'* ]]; then
    echo '::error::BACKLINT_BIN does not name a program'
    exit 2
  fi
  output build false
  output bin "$BACKLINT_BIN"
  exit 0
fi

digest() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi
}

# Whatever the program is made from is in the key, so that an old build is never taken for a new one.
sources() {
  cd "$GITHUB_ACTION_PATH"
  find Cargo.toml Cargo.lock build.rs rust-toolchain.toml src rules -type f -print0 |
    LC_ALL=C sort -z | xargs -0 cat
}
hash="$(sources | digest)"
folder="$RUNNER_TEMP/backlint"
program=backlint
if [[ "${RUNNER_OS:-}" == Windows ]]; then
  program=backlint.exe
fi
output build true
output folder "$folder"
output key "backlint-${RUNNER_OS:-}-${RUNNER_ARCH:-}-${hash%% *}"
output bin "$folder/bin/$program"
