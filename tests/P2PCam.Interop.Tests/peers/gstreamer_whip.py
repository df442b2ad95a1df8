"""Publishes or watches by plain HTTP requests (WHIP, WHEP), with GStreamer's webrtcbin.

usage: gstreamer_whip.py publish URL WIDTH HEIGHT [audio]
       gstreamer_whip.py watch URL [audio]
With audio, that is the first media of the bundle.
Writes "frame N WIDTH HEIGHT" for each decoded frame while it watches. Ends at SIGINT, by DELETE, and writes "deleted STATUS".
"""
import signal
import sys
import urllib.parse
import urllib.request

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

Gst.init(None)
mode, url = sys.argv[1:3]
with_audio = sys.argv[-1] == "audio"
loop = GLib.MainLoop()
session = None
frames = 0


def request(method, address, body=None):
    sent = urllib.request.Request(address, data=body.encode() if body else None, method=method, headers={"Content-Type": "application/sdp"} if body else {})
    with urllib.request.urlopen(sent) as response:
        return response.status, response.headers, response.read().decode()


def on_gathering(element, _):
    global session
    if element.get_property("ice-gathering-state") != GstWebRTC.WebRTCICEGatheringState.COMPLETE or session:
        return
    status, headers, answer = request("POST", url, element.get_property("local-description").sdp.as_text())
    session = urllib.parse.urljoin(url, headers["Location"])
    print("posted", status, headers["Content-Type"], headers["ETag"], flush=True)
    _, sdp = GstSdp.SDPMessage.new_from_text(answer)
    description = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, sdp)
    element.emit("set-remote-description", description, Gst.Promise.new())


def on_state(element, _):
    print("connection", element.get_property("connection-state").value_nick, flush=True)


def on_offer(promise, _):
    promise.wait()
    reply = promise.get_reply()  # The offer lives in it: it must not go before the offer is used.
    peer.emit("set-local-description", reply.get_value("offer"), Gst.Promise.new())


def create_offer(element):
    element.emit("create-offer", None, Gst.Promise.new_with_change_func(on_offer, None))


def on_picture(sink, buffer, pad):
    global frames
    frames += 1
    size = pad.get_current_caps().get_structure(0)
    print("frame", frames, size.get_value("width"), size.get_value("height"), flush=True)


def on_pad(element, pad):
    if pad.get_direction() != Gst.PadDirection.SRC:
        return
    decoding = Gst.parse_bin_from_description("rtpvp8depay ! vp8dec ! fakesink name=sink signal-handoffs=true sync=false", True)
    decoding.get_by_name("sink").connect("handoff", on_picture)
    pipeline.add(decoding)
    decoding.sync_state_with_parent()
    pad.link(decoding.get_static_pad("sink"))


def on_message(_, message):
    if message.type == Gst.MessageType.ERROR:
        print("error", *message.parse_error(), flush=True)
        loop.quit()


def on_interrupt():
    status, _, _ = request("DELETE", session)
    print("deleted", status, flush=True)
    loop.quit()
    return False


if mode == "publish":
    width, height = sys.argv[3:5]
    pipeline = Gst.parse_launch(
        "webrtcbin name=peer bundle-policy=max-bundle "
        + ("audiotestsrc is-live=true wave=silence ! audioconvert ! audioresample ! opusenc ! rtpopuspay pt=111 ! application/x-rtp,media=audio,encoding-name=OPUS,payload=111 ! peer. " if with_audio else "")
        + f"videotestsrc is-live=true pattern=smpte horizontal-speed=4 ! video/x-raw,format=I420,width={width},height={height},framerate=30/1 "
        "! vp8enc deadline=1 target-bitrate=800000 keyframe-max-dist=9000 ! rtpvp8pay pt=96 picture-id-mode=15-bit ! application/x-rtp,media=video,encoding-name=VP8,payload=96 ! peer.")
    peer = pipeline.get_by_name("peer")
    for media in range(2 if with_audio else 1):
        peer.emit("get-transceiver", media).set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
else:
    pipeline = Gst.Pipeline.new()
    peer = Gst.ElementFactory.make("webrtcbin", "peer")
    peer.set_property("bundle-policy", GstWebRTC.WebRTCBundlePolicy.MAX_BUNDLE)
    pipeline.add(peer)
    if with_audio:
        caps = Gst.Caps.from_string("application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000")
        peer.emit("add-transceiver", GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY, caps)
    caps = Gst.Caps.from_string("application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000")
    peer.emit("add-transceiver", GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY, caps)
    peer.connect("pad-added", on_pad)
bus = pipeline.get_bus()
bus.add_signal_watch()
bus.connect("message", on_message)
peer.connect("notify::ice-gathering-state", on_gathering)
peer.connect("notify::connection-state", on_state)
if mode == "publish":
    peer.connect("on-negotiation-needed", create_offer)
    pipeline.set_state(Gst.State.PLAYING)
else:
    pipeline.set_state(Gst.State.PLAYING)
    create_offer(peer)
GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGINT, on_interrupt)
loop.run()
pipeline.set_state(Gst.State.NULL)
