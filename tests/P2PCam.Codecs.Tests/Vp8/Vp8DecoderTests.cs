using P2PCam.Codecs.Vp8;
using P2PCam.TestKit;

namespace P2PCam.Codecs.Tests.Vp8;

public class Vp8DecoderTests
{
    [VectorsFact]
    public void Decode_ConformanceStreams_GivesThePublishedPictures()
    {
        foreach (var number in Vectors.Numbers)
        {
            using var decoder = new Vp8Decoder();
            var hashes = new List<string>();
            foreach (var frame in Vectors.Frames(number))
            {
                Assert.Equal(Vp8DecodeResult.Ok, decoder.Decode(frame, default, out var picture));
                if (picture is not null)
                {
                    hashes.Add(Vectors.Hash(picture));
                }
            }

            var expected = Vectors.Hashes(number);
            Assert.True(expected.Length > 0);
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.True(i < hashes.Count && expected[i] == hashes[i], $"Stream {number}: picture {i} differs.");
            }

            Assert.Equal(expected.Length, hashes.Count);
        }
    }
}
