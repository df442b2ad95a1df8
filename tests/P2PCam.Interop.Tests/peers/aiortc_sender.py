"""Answers an offer with a moving picture, by aiortc.

usage: aiortc_sender.py FILE WIDTH HEIGHT      FILE holds the offer's SDP
Writes {"answer": SDP} on a line of its own, then sends until it is killed.
"""
import asyncio
import json
import sys

import numpy
from aiortc import RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from av import VideoFrame


class MovingPicture(VideoStreamTrack):
    """A colourful ramp that wanders, and a bright square that wanders the other way."""

    def __init__(self, width, height):
        super().__init__()
        self.number = 0
        y, x = numpy.mgrid[0:height, 0:width]
        self.ramp = numpy.stack([x * 255 // width, y * 255 // height, (x + y) * 255 // (width + height)], axis=2).astype(numpy.uint8)

    async def recv(self):
        pts, time_base = await self.next_timestamp()
        self.number += 1
        picture = numpy.roll(self.ramp, self.number * 4, axis=1)
        left = picture.shape[1] - 80 - (self.number * 6) % (picture.shape[1] - 80)
        picture[40:120, left:left + 80] = (255, 255, 0)
        frame = VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = pts, time_base
        return frame


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
