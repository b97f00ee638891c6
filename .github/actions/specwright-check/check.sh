#!/usr/bin/env bash
# Checks generated code, compares two versions of a document, and writes a summary in Markdown: check.sh SUMMARY
#
# SPECWRIGHT_ARGUMENTS has the options of `specwright generate`, a line for each output. SPECWRIGHT_BASE and
# SPECWRIGHT_SPEC are the two documents; without them nothing is compared.
set -uo pipefail
summary="$1"
output="$(mktemp)"
trap 'rm -f "$output"' EXIT
result=0

# Prints the output of a command, and adds it to the summary. Summaries are limited to 1 MiB.
report() {
  local title="$1"
  cat "$output"
  {
    echo "### $title"
    echo
    echo '````diff'
    head -c 100000 "$output"
    echo
    echo '````'
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
    report "Generated code differs: \`specwright generate $line\`"
  fi
done <<<"${SPECWRIGHT_ARGUMENTS:-}"

if [[ -n "${SPECWRIGHT_BASE:-}" ]]; then
  if specwright diff "$SPECWRIGHT_BASE" "${SPECWRIGHT_SPEC:?}" >"$output" 2>&1; then
    report "Compatible changes of \`$SPECWRIGHT_SPEC\`"
  else
    result=1
    report "Incompatible changes of \`$SPECWRIGHT_SPEC\`"
  fi
fi

[[ "$result" = 0 ]] && echo "### Generated code is up to date" >>"$summary"
exit "$result"
