namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>
/// The first byte of a NAL unit (RFC 6184 section 1.3) and the types that mean something here.
/// <code>
/// +-+-+-+-+-+-+-+-+
/// |F|NRI|  Type   |
/// +-+-+-+-+-+-+-+-+
/// </code>
/// </summary>
internal static class H264Nal
{
    public const int Slice = 1;
    public const int IdrSlice = 5;
    public const int SequenceParameterSet = 7;
    public const int PictureParameterSet = 8;
    public const int AccessUnitDelimiter = 9;
    public const int EndOfSequence = 10;
    public const int EndOfStream = 11;
    public const int Filler = 12;
    public const int StapA = 24;
    public const int FuA = 28;

    /// <summary>In front of each NAL unit of an Annex B stream (ITU-T H.264 section B.1.1).</summary>
    public static ReadOnlySpan<byte> StartCode => [0, 0, 0, 1];

    public static int Type(byte header) => header & 0x1F;

    /// <summary>How much would be lost with it, 0 to 3, in place.</summary>
    public static int ReferenceBits(byte header) => header & 0x60;

    /// <summary>Whether a type carries a part of a coded picture (ITU-T H.264 table 7-1).</summary>
    public static bool IsPicture(int type) => type is >= Slice and <= IdrSlice;

    /// <summary>Whether it is of use to a decoder at the far end of an RTP stream, which has boundaries of its own.</summary>
    public static bool IsWorthSending(int type) =>
        type is > 0 and < StapA and not (AccessUnitDelimiter or EndOfSequence or EndOfStream or Filler);

    /// <summary>
    /// Takes the next NAL unit from an Annex B stream, without start code and trailing zeros; false at its end. Bytes before the first start
    /// code are skipped.
    /// </summary>
    public static bool TryTake(ref ReadOnlySpan<byte> stream, out ReadOnlySpan<byte> nal)
    {
        var start = stream.IndexOf(StartCode[1..]);
        while (start >= 0)
        {
            stream = stream[(start + 3)..];
            var next = stream.IndexOf(StartCode[1..]);
            nal = (next < 0 ? stream : stream[..next]).TrimEnd((byte)0);
            start = next;
            if (!nal.IsEmpty)
            {
                return true;
            }
        }

        stream = default;
        nal = default;
        return false;
    }
}
