"""Publishes or watches by plain HTTP requests (WHIP, WHEP), with aiortc.

usage: aiortc_whip.py publish URL WIDTH HEIGHT [as-ffmpeg]
       aiortc_whip.py watch URL
Offers audio as well, as many publishers and players do. As FFmpeg's WHIP muxer: offers video only and waits for the DTLS hello, in a group that names a
media that is not there; its checks say USERNAME and USE-CANDIDATE and no more; it answers checks without XOR-MAPPED-ADDRESS, and once it is connected not at all.
Writes "frame N WIDTH HEIGHT" for each decoded frame while it watches. Ends at SIGINT, by DELETE, and writes "deleted STATUS".
"""
import asyncio
import signal
import sys
import urllib.parse
import urllib.request

from aioice import ice, stun
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack
from moving_picture import MovingPicture


def request(method, url, body=None):
    sent = urllib.request.Request(url, data=body.encode() if body else None, method=method, headers={"Content-Type": "application/sdp"} if body else {})
    with urllib.request.urlopen(sent) as response:
        return response.status, response.headers, response.read().decode()


async def watch(track):
    number = 0
    while True:
        frame = await track.recv()
        number += 1
        print("frame", number, frame.width, frame.height, flush=True)


def behave_as_ffmpeg(connection):
    sign = stun.Message.add_message_integrity
    receive = ice.Connection.request_received

    def add_message_integrity(message, key):
        kept = ("USERNAME", "USE-CANDIDATE") if message.message_class == stun.Class.REQUEST else ()
        for name in [name for name in message.attributes if name not in kept]:
            del message.attributes[name]
        if message.message_class == stun.Class.REQUEST:
            message.attributes["USE-CANDIDATE"] = None
        sign(message, key)

    def request_received(self, *arguments):
        if connection.connectionState != "connected":
            receive(self, *arguments)

    stun.Message.add_message_integrity = add_message_integrity
    ice.Connection.request_received = request_received


async def main():
    mode, url = sys.argv[1:3]
    as_ffmpeg = sys.argv[-1] == "as-ffmpeg"
    loop = asyncio.get_running_loop()
    connection = RTCPeerConnection()

    @connection.on("connectionstatechange")
    def on_state():
        print("connection", connection.connectionState, flush=True)

    if mode == "publish":
        if as_ffmpeg:
            behave_as_ffmpeg(connection)
        else:
            connection.addTransceiver(AudioStreamTrack(), direction="sendonly")
        connection.addTransceiver(MovingPicture(int(sys.argv[3]), int(sys.argv[4])), direction="sendonly")
    else:
        connection.addTransceiver("audio", direction="recvonly")
        connection.addTransceiver("video", direction="recvonly")
        connection.on("track", lambda track: asyncio.ensure_future(watch(track)) if track.kind == "video" else None)
    await connection.setLocalDescription(await connection.createOffer())
    offer = connection.localDescription.sdp
    if as_ffmpeg:
        offer = offer.replace("a=setup:actpass", "a=setup:passive").replace("a=group:BUNDLE ", "a=group:BUNDLE audio ")
    status, headers, answer = await loop.run_in_executor(None, request, "POST", url, offer)
    print("posted", status, headers["Content-Type"], headers["ETag"], flush=True)
    await connection.setRemoteDescription(RTCSessionDescription(sdp=answer, type="answer"))

    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGINT, ended.set)
    await ended.wait()
    status, _, _ = await loop.run_in_executor(None, request, "DELETE", urllib.parse.urljoin(url, headers["Location"]))
    print("deleted", status, flush=True)
    await connection.close()


asyncio.run(main())
