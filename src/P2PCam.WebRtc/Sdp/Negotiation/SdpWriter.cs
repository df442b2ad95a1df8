using System.Text;

namespace P2PCam.WebRtc.Sdp;

/// <summary>Writes the lines of a session description; each ends with CRLF (RFC 8866 section 5).</summary>
internal sealed class SdpWriter
{
    private readonly StringBuilder _text = new(2048);

    /// <summary>The session part. The address has no meaning in WebRTC (RFC 9429 section 5.2.1).</summary>
    public void Session(LocalMediaParameters local, string? bundled)
    {
        Line("v=0");
        Line($"o=- {local.SessionId & long.MaxValue} {local.SessionVersion} IN IP4 127.0.0.1");
        Line("s=-");
        Line("t=0 0");
        if (bundled is not null)
        {
            Line($"a=group:{SdpGroup.Bundle} {bundled}");
        }
    }

    /// <summary>Starts a media; the real addresses come as candidates.</summary>
    public void Media(string kind, int port, string protocol, string formats, string? mid)
    {
        Line($"m={kind} {port} {protocol} {formats}");
        Line("c=IN IP4 0.0.0.0");
        if (mid is not null)
        {
            Line($"a=mid:{mid}");
        }
    }

    /// <summary>ICE and DTLS lines, candidates included.</summary>
    public void Transport(LocalMediaParameters local, string setup)
    {
        Line("a=rtcp:9 IN IP4 0.0.0.0");
        Line($"a=ice-ufrag:{local.IceUfrag}");
        Line($"a=ice-pwd:{local.IcePassword}");
        Line("a=ice-options:trickle");
        Line($"a=fingerprint:{local.Fingerprint}");
        Line($"a=setup:{setup}");
        foreach (var candidate in local.Candidates)
        {
            Line($"a={candidate}");
        }

        if (local.HasEndOfCandidates)
        {
            Line("a=end-of-candidates");
        }
    }

    /// <summary>The payload types for the m= line, each followed by that of its retransmissions.</summary>
    public static string Formats(IEnumerable<NegotiatedCodec> codecs) =>
        string.Join(' ', codecs.Select(codec => codec.RtxPayloadType is { } rtx ? $"{codec.PayloadType} {rtx}" : $"{codec.PayloadType}"));

    /// <summary>A codec and, when it has one, its retransmission format.</summary>
    public void Codec(in NegotiatedCodec codec)
    {
        Line($"a=rtpmap:{codec.PayloadType} {codec.EncodingName}/{NegotiatedCodec.ClockRate}");
        foreach (var feedback in RtcpFeedbackNames.Of(codec.Feedback))
        {
            Line($"a=rtcp-fb:{codec.PayloadType} {feedback}");
        }

        if (codec.FormatParameters is not null)
        {
            Line($"a=fmtp:{codec.PayloadType} {codec.FormatParameters}");
        }

        if (codec.RtxPayloadType is { } rtx)
        {
            Line($"a=rtpmap:{rtx} rtx/{NegotiatedCodec.ClockRate}");
            Line($"a=fmtp:{rtx} apt={codec.PayloadType}");
        }
    }

    /// <summary>An extension; the direction is ours, null for both ways.</summary>
    public void Extension(int id, string uri, SdpDirection? direction = null) =>
        Line(direction is { } way ? $"a=extmap:{id}/{SdpText.Name(way)} {uri}" : $"a=extmap:{id} {uri}");

    /// <summary>What a browser will call the stream that is sent, and its SSRCs.</summary>
    public void Stream(LocalMediaParameters local, bool withRtx)
    {
        Line($"a=msid:{local.StreamId} {local.TrackId}");
        if (local.Ssrc is not { } ssrc)
        {
            return;
        }

        var rtx = withRtx ? local.RtxSsrc : null;
        if (rtx is not null)
        {
            Line($"a=ssrc-group:{SdpSourceGroup.FlowIdentification} {ssrc} {rtx}");
        }

        Line($"a=ssrc:{ssrc} cname:{local.Cname}");
        if (rtx is not null)
        {
            Line($"a=ssrc:{rtx} cname:{local.Cname}");
        }
    }

    /// <exception cref="ArgumentException">A value of ours carries a control character, which would start another line.</exception>
    public void Line(string line)
    {
        if (line.AsSpan().ContainsAnyInRange('\0', '\u001F'))
        {
            throw new ArgumentException($"A value in '{line[..Math.Min(line.Length, 12)]}…' carries a control character.", nameof(line));
        }

        _text.Append(line).Append("\r\n");
    }

    public override string ToString() => _text.ToString();
}
