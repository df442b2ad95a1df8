"""Answers an offer with a moving picture, by aiortc.

usage: aiortc_sender.py FILE WIDTH HEIGHT      FILE holds the offer's SDP
Writes {"answer": SDP} on a line of its own, then sends until it is killed.
"""
import asyncio
import json
import sys

from aiortc import RTCPeerConnection, RTCSessionDescription
from moving_picture import MovingPicture


async def main(path, width, height):
    with open(path, newline="") as file:
        offer = file.read()
    connection = RTCPeerConnection()

    @connection.on("connectionstatechange")
    def on_state():
        print("connection", connection.connectionState, flush=True)

    connection.addTrack(MovingPicture(width, height))
    await connection.setRemoteDescription(RTCSessionDescription(sdp=offer, type="offer"))
    await connection.setLocalDescription(await connection.createAnswer())
    print(json.dumps({"answer": connection.localDescription.sdp}), flush=True)
    await asyncio.sleep(600)


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
