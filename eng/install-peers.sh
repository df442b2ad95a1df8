#!/usr/bin/env bash
# Installs from Debian's packages what tests need and this machine lacks. Says what it could not install; tests then skip with the reason.
set -uo pipefail
declare -A package=(
  [chromium]=chromium [firefox-esr]=firefox-esr [ffmpeg]=ffmpeg [ffprobe]=ffmpeg [nft]=nftables [ip]=iproute2 [ping]=iputils-ping [openssl]=openssl [curl]=curl [redis-server]=redis-server
)
PATH="$PATH:/usr/sbin:/sbin"
wanted=()
for tool in "${!package[@]}"; do
  command -v "$tool" >/dev/null || wanted+=("${package[$tool]}")
done
[ -e /usr/share/doc/opencv-doc/examples/data/vtest.avi ] || wanted+=(opencv-doc)
if [ ${#wanted[@]} -eq 0 ]; then
  echo 'All peers are installed.'
  exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "Not installed (needs root and apt): ${wanted[*]}. Tests that need them are skipped."
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
echo "Installing: ${wanted[*]}"
apt-get update -qq && apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null ||
  echo "Some of these could not be installed: ${wanted[*]}. Tests that need them are skipped."
exit 0
