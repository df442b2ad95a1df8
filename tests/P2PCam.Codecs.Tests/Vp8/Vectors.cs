using System.Security.Cryptography;
using P2PCam.Codecs.Vp8;
using P2PCam.TestKit;

namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>The conformance streams of webmproject/vp8-test-vectors and what their pictures hash to.</summary>
internal static class Vectors
{
    public static IEnumerable<int> Numbers => Enumerable.Range(1, 18);

    public static List<byte[]> Frames(int number) => Ivf.Read(File.ReadAllBytes(PathOf(number)));

    /// <summary>MD5 of each picture shown, in I420.</summary>
    public static string[] Hashes(int number) => [.. File.ReadLines(PathOf(number) + ".md5").Select(line => line[..32])];

    /// <summary>MD5 of a picture as the vectors have it; disposes the picture.</summary>
    public static string Hash(VideoFrame picture)
    {
        using (picture)
        {
#pragma warning disable CA5351 // The vectors are published with MD5.
            return Convert.ToHexStringLower(MD5.HashData(Pixels(picture)));
#pragma warning restore CA5351
        }
    }

    public static byte[] Pixels(VideoFrame picture) => [.. picture.GetPlane(0), .. picture.GetPlane(1), .. picture.GetPlane(2)];

    /// <summary>Decodes a frame that must be good and shown.</summary>
    public static VideoFrame DecodeShown(this Vp8Decoder decoder, ReadOnlySpan<byte> frame)
    {
        Assert.Equal(Vp8DecodeResult.Ok, decoder.Decode(frame, default, out var picture));
        return Assert.IsType<VideoFrame>(picture);
    }

    private static string PathOf(int number) => Path.Combine(Repository.Vectors!, "vp8", $"vp80-00-comprehensive-{number:D3}.ivf");
}
