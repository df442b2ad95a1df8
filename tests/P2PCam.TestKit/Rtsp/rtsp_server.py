"""An RTSP camera by GStreamer: a moving ball at 320x240, 30 frames a second, H.264 Constrained Baseline by OpenH264, a key frame each second.
With --rate N/D another frame rate, a key frame each second or with each frame. With --file an MP4 of H.264 instead, from its start for each client.

usage: rtsp_server.py [--login USER PASSWORD] [--rate N/D] [--file FILE] PORT     PORT 0 takes a free one; writes "port N" when it listens; the path is /live
"""
import argparse
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer

Gst.init(None)
parser = argparse.ArgumentParser()
parser.add_argument("--login", nargs=2)
parser.add_argument("--file")
parser.add_argument("--rate", default="30/1")
parser.add_argument("port")
arguments = parser.parse_args()
login = arguments.login

numerator, denominator = (int(part) for part in arguments.rate.split("/"))
CAMERA = (
    f"videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate={numerator}/{denominator}"
    f" ! openh264enc gop-size={max(1, numerator // denominator)} bitrate=300000"
)
factory = GstRtspServer.RTSPMediaFactory()
source = f'filesrc location="{arguments.file}" ! qtdemux' if arguments.file else CAMERA
factory.set_launch(f"( {source} ! h264parse config-interval=-1 ! rtph264pay name=pay0 pt=96 )")
factory.set_shared(arguments.file is None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(arguments.port)
if login:
    auth, token = GstRtspServer.RTSPAuth(), GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "user")
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(*login), token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("user", "media.factory.access", True)
    permissions.add_permission_for_role("user", "media.factory.construct", True)
    factory.set_permissions(permissions)

server.get_mount_points().add_factory("/live", factory)
if server.attach(None) == 0:
    sys.exit(f"cannot listen on port {arguments.port}")

print("port", server.get_bound_port(), flush=True)
GLib.MainLoop().run()
