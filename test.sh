#!/usr/bin/env bash
# The whole check: install what is missing, format, build with warnings as errors, all tests, benchmark dry run, pack.
#   ./test.sh            what CI runs
#   ./test.sh --fast     without real browsers, peers and the installation of the packages
#   ./test.sh --measure  the long versions of the browser tests, and the figures that docs quote
#   ./test.sh --soak     long fuzz and soak runs
# The last line is "N passed, N failed, N skipped", summed from the test results.
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 P2PCAM_CONFIGURATION=Release
mode="${1:-}"
results=artifacts/test-results
failed=0
hang=15m

step() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }
must() { "$@" || { echo "FAILED: $*"; failed=1; return 1; }; }

case "$mode" in
  '' | --fast) ;;
  --measure) export P2PCAM_MEASURE=1 ;;
  --soak) export P2PCAM_SOAK=1; hang=180m ;;
  *) echo "usage: ./test.sh [--fast | --measure | --soak]" >&2; exit 2 ;;
esac

rm -rf "$results" && mkdir -p "$results"
if [ "$mode" != --fast ]; then
  step 'Peers and tools'
  eng/install-peers.sh
fi

step 'Restore and build'
must dotnet restore P2PCam.sln --locked-mode -v quiet
must dotnet build P2PCam.sln -c Release --no-restore -v quiet || { echo '0 passed, 1 failed, 0 skipped'; exit 1; }

step 'Format'
must dotnet format P2PCam.sln --verify-no-changes --no-restore --severity warn

step 'Tests'
for project in tests/*.Tests/*.csproj; do
  name="$(basename "$project" .csproj)"
  case "$mode/$name" in --fast/*Browser*|--fast/*Interop*|--fast/*Packaging*) continue ;; esac
  echo "-- $name (${SECONDS}s)"
  must dotnet test "$project" -c Release --no-build --nologo -v quiet \
    --logger "trx;LogFileName=$name.trx" --results-directory "$results" --blame-hang-timeout "$hang" --blame-hang-dump-type none
done

step 'The codec again without SIMD, and without AVX2'
for setting in DOTNET_EnableHWIntrinsic DOTNET_EnableAVX2; do
  must env "$setting=0" P2PCAM_FUZZ_MINUTES=5 dotnet test tests/P2PCam.Codecs.Tests -c Release --no-build --nologo -v quiet \
    --logger "trx;LogFileName=Codecs.$setting.trx" --results-directory "$results" --filter 'Category!=Slow'
done

step 'Benchmarks, dry'
must dotnet run --project benchmarks/P2PCam.Benchmarks -c Release --no-build -- --job dry --inProcess --filter '*' --artifacts artifacts/benchmarks >artifacts/benchmarks.log 2>&1 ||
  tail -40 artifacts/benchmarks.log

if [ "$mode" = --measure ]; then
  step 'VP8 beside libvpx'
  must dotnet run --project benchmarks/CodecComparison -c Release --no-build -- --out artifacts/comparison
fi

step 'Pack'
must dotnet pack P2PCam.sln -c Release --no-build --nologo -v quiet -o artifacts/packages && ls artifacts/packages

sum() { grep -ho "<Counters[^>]*" "$results"/*.trx 2>/dev/null | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ s += $1 } END { print s + 0 }'; }
total=$(sum total) passed=$(sum passed) executed=$(sum executed)
broken=$((executed - passed))
skipped=$((total - executed))
step 'Done'
if [ "$skipped" -gt 0 ]; then
  echo 'Skipped:'
  awk '
    /<UnitTestResult / { skipped = /outcome="NotExecuted"/; match($0, /testName="[^"]*"/); name = substr($0, RSTART + 10, RLENGTH - 11) }
    skipped && /<Message>/ { skipped = 0; sub(/.*<Message>/, ""); sub(/<\/Message>.*/, ""); count[$0]++; if (count[$0] <= 5) names[$0] = names[$0] "\n      " name }
    END { for (reason in count) print "  " count[reason] ": " reason names[reason] (count[reason] > 5 ? "\n      ..." : "") }' "$results"/*.trx
fi
[ "$broken" -gt 0 ] && failed=1
[ "$failed" -ne 0 ] && [ "$broken" -eq 0 ] && broken=1
echo "$passed passed, $broken failed, $skipped skipped"
exit "$failed"
