#!/usr/bin/env bash
# Installs from Debian's packages what tests need and this machine lacks. Says what it could not install; tests then skip with the reason.
set -uo pipefail
declare -A package=(
  [chromium]=chromium [firefox-esr]=firefox-esr [ffmpeg]=ffmpeg [ffprobe]=ffmpeg [nft]=nftables [ip]=iproute2 [ping]=iputils-ping [openssl]=openssl [curl]=curl
  [turnserver]=coturn [faketime]=faketime [redis-server]=redis-server [node]=nodejs [npm]=npm [nginx]=nginx-light [caddy]=caddy
)
PATH="$PATH:/usr/sbin:/sbin"
wanted=()
for tool in "${!package[@]}"; do
  command -v "$tool" >/dev/null || wanted+=("${package[$tool]}")
done
# Python modules and GStreamer's plugins have no command of their own.
python_has() { /usr/bin/python3 -c "$1" 2>/dev/null; }
python_has 'import aiortc' || wanted+=(python3-aiortc)
python_has "
import gi
gi.require_version('Gst', '1.0')
gi.require_version('GstWebRTC', '1.0')
from gi.repository import Gst, GstWebRTC
Gst.init(None)
assert all(Gst.ElementFactory.find(name) for name in ('webrtcbin', 'vp8enc', 'rtpvp8pay', 'nicesrc', 'dtlsenc'))" ||
  wanted+=(python3-gst-1.0 gir1.2-gst-plugins-bad-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-nice)
python_has "
import gi
gi.require_version('Gst', '1.0')
gi.require_version('GstRtspServer', '1.0')
from gi.repository import Gst, GstRtspServer
Gst.init(None)
assert all(Gst.ElementFactory.find(name) for name in ('openh264enc', 'h264parse', 'rtph264pay'))" ||
  wanted+=(python3-gst-1.0 gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad)
# What Native AOT links with.
command -v clang >/dev/null || command -v gcc >/dev/null || wanted+=(gcc libc6-dev)
[ -e /usr/include/zlib.h ] || wanted+=(zlib1g-dev)
[ -e /usr/share/doc/opencv-doc/examples/data/vtest.avi ] || wanted+=(opencv-doc)
[ -e /usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf ] || wanted+=(fonts-dejavu-core)
# Peers that come by npm; their lock file says which.
install_node_peers() {
  local folder
  folder="$(dirname "$0")/../tests/P2PCam.Interop.Tests/peers"
  [ -d "$folder/node_modules/werift" ] && return
  command -v npm >/dev/null && npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --silent >/dev/null ||
    echo 'werift could not be installed by npm. Tests that need it are skipped.'
}
if [ ${#wanted[@]} -eq 0 ]; then
  install_node_peers
  echo 'All peers are installed.'
  exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "Not installed (needs root and apt): ${wanted[*]}. Tests that need them are skipped."
  install_node_peers
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
# Tests start the servers that they need; none of these packages shall start its own (invoke-rc.d asks this file).
if [ ! -e /usr/sbin/policy-rc.d ]; then
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
fi
echo "Installing: ${wanted[*]}"
apt-get update -qq && apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null ||
  echo "Some of these could not be installed: ${wanted[*]}. Tests that need them are skipped."
install_node_peers
exit 0
