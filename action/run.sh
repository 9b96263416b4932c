#!/usr/bin/env bash
# Runs backlint once. The findings go into a SARIF file and, in short, into the log; the exit code goes into an output,
# so that the upload comes before the verdict.
set -euo pipefail

output() { printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"; }

stop() {
  printf '::error::%s\n' "$1"
  exit 2
}

# Every value is one of a list, or the run stops; the value itself is not repeated in the log.
one_of() {
  local name="$1" value="$2"
  shift 2
  local allowed
  for allowed in "$@"; do
    if [[ "$value" == "$allowed" ]]; then return; fi
  done
  stop "input $name has to be one of: $*"
}
one_of profile "$PROFILE" '' default strict audit
one_of fail-on "$FAIL_ON" '' error warning note never
one_of min-confidence "$MIN_CONFIDENCE" '' high medium low
one_of upload "$UPLOAD" true false
if [[ ! "$CATEGORY" =~ ^[A-Za-z0-9_./:-]*$ ]]; then
  stop 'input category may hold letters, digits and _ . / : -'
fi
command -v jq >/dev/null || stop 'this runner has no jq'

options=(check --format sarif)
if [[ -n "$PROFILE" ]]; then options+=(--profile "$PROFILE"); fi
if [[ -n "$FAIL_ON" ]]; then options+=(--fail-on "$FAIL_ON"); fi
if [[ -n "$MIN_CONFIDENCE" ]]; then options+=(--min-confidence "$MIN_CONFIDENCE"); fi
paths=()
while IFS= read -r path; do
  path="${path%$'\r'}"
  if [[ -n "$path" ]]; then paths+=("$path"); fi
done <<<"$CHECK_PATHS"
if ((${#paths[@]} == 0)); then paths=(.); fi

sarif="$(mktemp -d "$RUNNER_TEMP/backlint-report.XXXXXX")/backlint.sarif"
cd -- "$FOLDER" || stop 'input working-directory is not a folder'

# Nothing that the checked code makes anyone print is a command to the runner.
token="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
printf '::stop-commands::%s\n' "$token"
code=0
"$BIN" "${options[@]}" --color never --output "$sarif" -- "${paths[@]}" || code=$?
if [[ -s "$sarif" ]]; then jq -r -f "$GITHUB_ACTION_PATH/action/list.jq" "$sarif"; fi
printf '\n::%s::\n' "$token"

output exit-code "$code"
if [[ ! -s "$sarif" ]]; then
  output upload false
  exit 0
fi
if [[ -n "$CATEGORY" ]]; then
  # The id in the file outweighs the category that the upload is given.
  jq --arg id "${CATEGORY%/}/" '.runs[].automationDetails.id = $id' "$sarif" >"$sarif.new"
  mv -- "$sarif.new" "$sarif"
fi
output sarif-file "$sarif"
output findings "$(jq '[.runs[].results[]] | length' "$sarif")"
output errors "$(jq '[.runs[].results[] | select(.level == "error")] | length' "$sarif")"

if [[ "$UPLOAD" == true ]]; then
  if [[ -n "$HEAD_REPOSITORY" && "$HEAD_REPOSITORY" != "$GITHUB_REPOSITORY" ]]; then
    echo '::notice::Pull requests of forks cannot upload findings; they are in the log'
    UPLOAD=false
  elif [[ "$ACTOR" == 'dependabot[bot]' ]]; then
    echo '::notice::Pull requests of Dependabot cannot upload findings; they are in the log'
    UPLOAD=false
  fi
fi
output upload "$UPLOAD"
