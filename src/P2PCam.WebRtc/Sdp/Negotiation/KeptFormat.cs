namespace P2PCam.WebRtc.Sdp;

/// <summary>
/// The format of a media that is kept for its transport and carries nothing, repeated as it was offered (RFC 3264 section 6.1). Formats that lean on
/// others, as RED and RTX name them in fmtp, and those beside a codec (comfort noise, tones) would be left alone by an answer with one format.
/// </summary>
internal static class KeptFormat
{
    private static readonly string[] Leaning = ["red", "rtx", "ulpfec", "flexfec-03", "flexfec", "CN", "telephone-event", "parityfec"];

    /// <summary>Null for a media without RTP payload types.</summary>
    public static SdpPayloadType? Choose(MediaDescription offered) =>
        offered.PayloadTypes.FirstOrDefault(format => format.EncodingName.Length > 0 && !Leans(format))
        ?? offered.PayloadTypes.FirstOrDefault(format => !Leans(format))
        ?? (offered.PayloadTypes is [var first, ..] ? first : null);

    public static void Write(SdpWriter writer, SdpPayloadType format)
    {
        if (format.EncodingName.Length > 0)
        {
            writer.Line($"a=rtpmap:{format.Number} {format.EncodingName}/{format.ClockRate}{(format.Channels is { Length: > 0 } channels ? $"/{channels}" : "")}");
        }

        // What a format that leans says is about formats that are not in the answer.
        if (format.FormatParameters is { Length: > 0 } parameters && !Leans(format))
        {
            writer.Line($"a=fmtp:{format.Number} {parameters}");
        }
    }

    /// <summary>What belongs to a data channel (RFC 8841 section 5), as it came.</summary>
    public static void WriteOthers(SdpWriter writer, MediaDescription offered)
    {
        foreach (var attribute in offered.OtherAttributes.Where(each => each.Name is "sctp-port" or "sctpmap" or "max-message-size"))
        {
            writer.Line($"a={attribute.Name}:{attribute.Value}");
        }
    }

    private static bool Leans(SdpPayloadType format) => Array.Exists(Leaning, format.IsEncoding);
}
