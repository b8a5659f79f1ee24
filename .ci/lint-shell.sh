#!/bin/sh
# Checks every shell script with shellcheck and shfmt: `npm run lint:shell`. Brings both from PyPI (python3 with pip), once,
# into the user's cache. --cached: only if they are there; `npm test` does that, because it needs no network.
set -eu
cd "$(dirname "$0")/.."

requirements=.ci/shell-tools.txt
tools="${XDG_CACHE_HOME:-$HOME/.cache}/xnai/shell-tools-$(sha256sum "$requirements" | cut -c 1-12)"
if [ ! -d "$tools" ]; then
  if [ "${1:-}" = --cached ]; then
    echo "not run: npm run lint:shell brings shellcheck and shfmt"
    exit 0
  fi
  echo "bringing shellcheck and shfmt from PyPI into $tools" >&2
  partial=$tools.$$
  python3 -m pip install --quiet --root-user-action ignore --no-deps --require-hashes --only-binary :all: --target "$partial" -r "$requirements"
  mv "$partial" "$tools"
fi

PATH=$tools/bin:$PATH
if ! command -v shellcheck >/dev/null; then
  echo "PyPI has no shellcheck for $(uname -m): install your distribution's package shellcheck, then run this again" >&2
  exit 1
fi
set -- .ci/run
for script in $(git ls-files '*.sh'); do set -- "$@" "$script"; done
shellcheck --severity=warning "$@"
shfmt -i 2 -ci -d "$@"
