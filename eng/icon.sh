#!/usr/bin/env bash
# Draws the packages' icon (eng/packages/icon.png) anew from the page's favicon. Needs Chromium; the same picture comes out each time.
set -euo pipefail
cd "$(dirname "$0")/.."
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
printf '<!doctype html><style>body{margin:0}svg{display:block;width:128px;height:128px}</style>%s' "$(cat src/P2PCam.AspNetCore/Pages/Assets/favicon.svg)" >"$folder/icon.html"
chromium --headless --no-sandbox --disable-gpu --user-data-dir="$folder/profile" --default-background-color=00000000 --window-size=128,128 \
  --hide-scrollbars --screenshot="$PWD/eng/packages/icon.png" "file://$folder/icon.html" 2>/dev/null
