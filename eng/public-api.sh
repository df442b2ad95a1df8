#!/usr/bin/env bash
# Writes the public-API baselines (PublicAPI.Unshipped.txt) anew from what the compiler says is missing or gone. Review the diff before committing.
set -euo pipefail
cd "$(dirname "$0")/.."
for project in src/*/; do
  printf '#nullable enable\n' >"${project}PublicAPI.Unshipped.txt"
done
for name in P2PCam.Codecs P2PCam.WebRtc P2PCam P2PCam.SignalR P2PCam.AspNetCore P2PCam.SignalingConformance; do
  project="src/$name"
  [ -e "$project/$name.csproj" ] || continue
  { dotnet build "$project" --no-incremental -p:BuildProjectReferences=true -p:TreatWarningsAsErrors=false 2>/dev/null || true; } |
    grep -F "/$project/" | grep -oP "RS0016: Symbol '\K.*(?=' is not part of the declared public API)" | LC_ALL=C sort -u >>"$project/PublicAPI.Unshipped.txt" || true
done
wc -l src/*/PublicAPI.Unshipped.txt
