"""Answers an offer with a moving picture, by GStreamer's webrtcbin.

usage: gstreamer_sender.py FILE WIDTH HEIGHT      FILE holds the offer's SDP
Writes {"answer": SDP} on a line of its own once all candidates are in it, then sends until it is killed.
"""
import json
import re
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

Gst.init(None)
path, width, height = sys.argv[1:4]
with open(path, newline="") as file:
    offer = file.read()
payload = re.search(r"a=rtpmap:(\d+) VP8/90000", offer).group(1)
pipeline = Gst.parse_launch(
    f"webrtcbin name=peer bundle-policy=max-bundle videotestsrc is-live=true pattern=smpte horizontal-speed=4 ! video/x-raw,format=I420,width={width},height={height},framerate=30/1 "
    f"! vp8enc deadline=1 target-bitrate=800000 keyframe-max-dist=9000 ! rtpvp8pay pt={payload} picture-id-mode=15-bit "
    f"! application/x-rtp,media=video,encoding-name=VP8,payload={payload} ! peer.")
peer = pipeline.get_by_name("peer")
loop = GLib.MainLoop()


def on_gathering(element, _):
    if element.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE:
        print(json.dumps({"answer": element.get_property("local-description").sdp.as_text()}), flush=True)


def on_state(element, _):
    print("connection", element.get_property("connection-state").value_nick, flush=True)


def on_answer(promise, _):
    promise.wait()
    reply = promise.get_reply()  # The answer lives in it: it must not go before the answer is used.
    peer.emit("set-local-description", reply.get_value("answer"), Gst.Promise.new())


def on_offer_set(promise, _):
    promise.wait()
    peer.emit("create-answer", None, Gst.Promise.new_with_change_func(on_answer, None))


def on_message(_, message):
    if message.type == Gst.MessageType.ERROR:
        print("error", *message.parse_error(), flush=True)
        loop.quit()


bus = pipeline.get_bus()
bus.add_signal_watch()
bus.connect("message", on_message)
peer.connect("notify::ice-gathering-state", on_gathering)
peer.connect("notify::connection-state", on_state)
pipeline.set_state(Gst.State.PLAYING)
_, sdp = GstSdp.SDPMessage.new_from_text(offer)
description = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.OFFER, sdp)
peer.emit("set-remote-description", description, Gst.Promise.new_with_change_func(on_offer_set, None))
loop.run()
