using System.Buffers.Binary;

namespace P2PCam.WebRtc.Rtcp;

/// <summary>
/// One packet out of a compound, with version, length and padding already checked by <see cref="RtcpCompoundReader"/>. What follows
/// the header is read by the type named like <see cref="Kind"/>, each with a TryParse that is total.
/// </summary>
internal readonly ref struct RtcpPacketView(byte countOrFormat, byte type, ReadOnlySpan<byte> body)
{
    /// <summary>The 5-bit field: a count of reports, chunks or sources, or the feedback message type.</summary>
    public byte CountOrFormat { get; } = countOrFormat;

    public byte Type { get; } = type;

    /// <summary>What follows the 4-byte header, without padding.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;

    public RtcpPacketKind Kind => Type switch
    {
        RtcpHeader.SenderReportType => RtcpPacketKind.SenderReport,
        RtcpHeader.ReceiverReportType => RtcpPacketKind.ReceiverReport,
        RtcpHeader.SourceDescriptionType => RtcpPacketKind.SourceDescription,
        RtcpHeader.GoodbyeType => RtcpPacketKind.Goodbye,
        RtcpHeader.TransportLayerFeedbackType when CountOrFormat == RtcpHeader.NackFormat => RtcpPacketKind.GenericNack,
        RtcpHeader.TransportLayerFeedbackType when CountOrFormat == RtcpHeader.TransportWideFormat => RtcpPacketKind.TransportFeedback,
        RtcpHeader.PayloadSpecificFeedbackType => PayloadSpecificKind,
        _ => RtcpPacketKind.Unknown,
    };

    private RtcpPacketKind PayloadSpecificKind => CountOrFormat switch
    {
        RtcpHeader.PictureLossFormat => RtcpPacketKind.PictureLossIndication,
        RtcpHeader.FullIntraFormat => RtcpPacketKind.FullIntraRequest,
        RtcpHeader.ApplicationLayerFormat when ReceiverEstimatedMaxBitrate.HasName(Body) => RtcpPacketKind.ReceiverEstimatedMaxBitrate,
        _ => RtcpPacketKind.Unknown,
    };

    /// <summary>Whether the body has the bytes that its type and count promise.</summary>
    internal bool HasPromisedLength => Kind switch
    {
        RtcpPacketKind.SenderReport => Body.Length >= SenderReport.FixedLength + (CountOrFormat * ReportBlock.Length),
        RtcpPacketKind.ReceiverReport => Body.Length >= ReceiverReport.FixedLength + (CountOrFormat * ReportBlock.Length),
        RtcpPacketKind.SourceDescription => SourceDescription.TryParse(this, out _),
        RtcpPacketKind.Goodbye => Goodbye.TryParse(this, out _),
        RtcpPacketKind.GenericNack => Body.Length >= 12,
        RtcpPacketKind.PictureLossIndication => Body.Length >= 8,
        RtcpPacketKind.FullIntraRequest => Body.Length >= 8 + FullIntraRequest.EntryLength,
        RtcpPacketKind.ReceiverEstimatedMaxBitrate => ReceiverEstimatedMaxBitrate.TryParse(this, out _),
        RtcpPacketKind.TransportFeedback => TransportFeedback.TryParse(this, out _),
        _ => Type is not (RtcpHeader.TransportLayerFeedbackType or RtcpHeader.PayloadSpecificFeedbackType) || Body.Length >= 8,
    };

    internal uint ReadSsrc(int offset) => BinaryPrimitives.ReadUInt32BigEndian(Body[offset..]);
}
