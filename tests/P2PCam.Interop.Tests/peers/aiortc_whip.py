"""Publishes or watches by plain HTTP requests (WHIP, WHEP), with aiortc.

usage: aiortc_whip.py publish URL WIDTH HEIGHT
       aiortc_whip.py watch URL
Offers audio as well, as many publishers and players do.
Writes "frame N WIDTH HEIGHT" for each decoded frame while it watches. Ends at SIGINT, by DELETE, and writes "deleted STATUS".
"""
import asyncio
import signal
import sys
import urllib.parse
import urllib.request

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


async def main():
    mode, url = sys.argv[1:3]
    loop = asyncio.get_running_loop()
    connection = RTCPeerConnection()

    @connection.on("connectionstatechange")
    def on_state():
        print("connection", connection.connectionState, flush=True)

    if mode == "publish":
        connection.addTransceiver(AudioStreamTrack(), direction="sendonly")
        connection.addTransceiver(MovingPicture(int(sys.argv[3]), int(sys.argv[4])), direction="sendonly")
    else:
        connection.addTransceiver("audio", direction="recvonly")
        connection.addTransceiver("video", direction="recvonly")
        connection.on("track", lambda track: asyncio.ensure_future(watch(track)) if track.kind == "video" else None)
    await connection.setLocalDescription(await connection.createOffer())
    status, headers, answer = await loop.run_in_executor(None, request, "POST", url, connection.localDescription.sdp)
    print("posted", status, headers["Content-Type"], headers["ETag"], flush=True)
    await connection.setRemoteDescription(RTCSessionDescription(sdp=answer, type="answer"))

    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGINT, ended.set)
    await ended.wait()
    status, _, _ = await loop.run_in_executor(None, request, "DELETE", urllib.parse.urljoin(url, headers["Location"]))
    print("deleted", status, flush=True)
    await connection.close()


asyncio.run(main())
