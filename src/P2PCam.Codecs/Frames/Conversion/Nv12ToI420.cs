using System.Runtime.Intrinsics;

namespace P2PCam.Codecs.Frames.Conversion;

/// <summary>NV12: luma as it is, U and V taken apart.</summary>
internal static class Nv12ToI420
{
    public static void Convert(VideoFrame source, in I420Planes target)
    {
        var luma = source.GetPlane(0);
        var chroma = source.GetPlane(1);
        for (var row = 0; row < target.Height; row++)
        {
            luma.Slice(row * source.GetStride(0), target.Width).CopyTo(target.LumaRow(row));
        }

        for (var row = 0; row < target.ChromaHeight; row++)
        {
            Split(chroma.Slice(row * source.GetStride(1), 2 * target.ChromaWidth), target.URow(row), target.VRow(row));
        }
    }

    internal static void Split(ReadOnlySpan<byte> pairs, Span<byte> even, Span<byte> odd)
    {
        var i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            var low = Vector128.Create((ushort)0xFF);
            for (; i <= even.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
            {
                var first = Vector128.Create(pairs[(2 * i)..]).AsUInt16();
                var second = Vector128.Create(pairs[((2 * i) + 16)..]).AsUInt16();
                Vector128.Narrow(first & low, second & low).CopyTo(even[i..]);
                Vector128.Narrow(first >>> 8, second >>> 8).CopyTo(odd[i..]);
            }
        }

        SplitScalar(pairs[(2 * i)..], even[i..], odd[i..]);
    }

    internal static void SplitScalar(ReadOnlySpan<byte> pairs, Span<byte> even, Span<byte> odd)
    {
        for (var i = 0; i < even.Length; i++)
        {
            even[i] = pairs[2 * i];
            odd[i] = pairs[(2 * i) + 1];
        }
    }
}
