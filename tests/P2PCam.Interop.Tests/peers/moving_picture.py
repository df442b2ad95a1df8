"""What the aiortc peers send."""
import numpy
from aiortc import VideoStreamTrack
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
