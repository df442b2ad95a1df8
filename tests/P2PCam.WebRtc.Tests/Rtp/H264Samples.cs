using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Tests.Rtp;

/// <summary>Access units of made-up NAL units. The parameter sets are those of the first aiortc sample.</summary>
internal static class H264Samples
{
    public static readonly byte[] Sps = [0x67, 0x42, 0xC0, 0x1F, 0x8C, 0x8D, 0x40, 0x50, 0x1E, 0x90, 0x0F, 0x08, 0x84, 0x6A];
    public static readonly byte[] Pps = [0x68, 0xCE, 0x3C, 0x80];
    public static readonly byte[] Delimiter = [0x09, 0xF0];

    public static byte[] Idr(int size, byte fill = 0xAA) => Nal(0x65, size, fill);

    public static byte[] Slice(int size, byte fill = 0xBB) => Nal(0x41, size, fill);

    public static byte[] AnnexB(params byte[][] nals) => [.. nals.SelectMany(nal => (byte[])[0, 0, 0, 1, .. nal])];

    public static List<byte[]> Split(ReadOnlySpan<byte> annexB)
    {
        var nals = new List<byte[]>();
        while (H264Nal.TryTake(ref annexB, out var nal))
        {
            nals.Add(nal.ToArray());
        }

        return nals;
    }

    // The bit behind the header says that the slice is the picture's first.
    private static byte[] Nal(byte header, int size, byte fill)
    {
        var nal = new byte[size];
        Array.Fill(nal, fill);
        (nal[0], nal[1]) = (header, 0x88);
        return nal;
    }
}
