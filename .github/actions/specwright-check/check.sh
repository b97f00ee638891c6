#!/usr/bin/env bash
# Checks generated code, compares two versions of a document, and writes a summary in Markdown: check.sh SUMMARY
#
# SPECWRIGHT_ARGUMENTS has the options of `specwright generate`, a line for each output. SPECWRIGHT_DIFF has the arguments of
# `specwright diff`; without them nothing is compared.
set -uo pipefail
summary="$1"
output="$(mktemp)"
trap 'rm -f "$output"' EXIT
result=0

# Prints the output of a command, and adds it to the summary. Summaries are limited to 1 MiB.
report() {
  local title="$1" fence="$2"
  cat "$output"
  {
    printf '### %s\n\n' "$title"
    [[ -z "$fence" ]] || printf '%s%s\n' '````' "$fence"
    # Differences are indented; a block of differences is coloured by the first character of each line.
    if [[ "$fence" = diff ]]; then sed 's/^    //' "$output"; else cat "$output"; fi | head -c 100000
    [[ -z "$fence" ]] || printf '\n%s\n' '````'
  } >>"$summary"
}

while IFS= read -r line; do
  [[ -z "${line// /}" ]] && continue
  # Options are separated by spaces, as in a shell without quotes.
  read -ra options <<<"$line"
  if specwright check "${options[@]}" >"$output" 2>&1; then
    cat "$output"
  else
    result=1
    report "Generated code differs: \`specwright generate $line\`" diff
  fi
done <<<"${SPECWRIGHT_ARGUMENTS:-}"

[[ "$result" = 0 ]] && echo "### Generated code is up to date" >>"$summary"

if [[ -n "${SPECWRIGHT_DIFF:-}" ]]; then
  read -ra options <<<"$SPECWRIGHT_DIFF"
  specwright diff "${options[@]}" --format markdown >"$output" 2>&1 || result=1
  report "Changes of the API: \`specwright diff $SPECWRIGHT_DIFF\`" ""
fi
exit "$result"
