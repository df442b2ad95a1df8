using System.Buffers;
using System.Globalization;
using System.Text;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

/// <summary>
/// The candidate-attribute of RFC 8839 section 5.1:
/// <code>
/// candidate:foundation component transport priority address port typ type [raddr address rport port] [tcptype type] [name value]...
/// candidate:842163049 1 udp 2130706431 192.168.1.20 3000 typ host
/// </code>
/// </summary>
internal static class IceCandidateText
{
    public const int MaxLength = 1024;

    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static readonly SearchValues<char> HostNameChars = SearchValues.Create(Alphanumeric + "-._");
    private static readonly SearchValues<char> TokenChars = SearchValues.Create(Alphanumeric + "-");

    /// <summary>
    /// Takes the text with or without "a=" and "candidate:". Names in place of addresses are kept as text; extensions not known are
    /// skipped. False for anything that is not a candidate, for unknown transports and types, and for text over 1024 characters.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IceCandidate candidate)
    {
        candidate = default;
        if (text.Length > MaxLength)
        {
            return false;
        }

        text = text.Trim();
        text = text.StartsWith("a=", StringComparison.OrdinalIgnoreCase) ? text[2..].TrimStart() : text;
        text = text.StartsWith("candidate:", StringComparison.OrdinalIgnoreCase) ? text["candidate:".Length..] : text;
        var foundation = NextToken(ref text);
        if (foundation.Length is 0 or > 32
            || !TryNumber(NextToken(ref text), 1, 256, out var component)
            || !TryTransport(NextToken(ref text), out var transport)
            || !TryNumber(NextToken(ref text), 0, uint.MaxValue, out var priority))
        {
            return false;
        }

        // Some stacks put '-' or '_' into foundations; nothing here depends on the letters, only on their being harmless.
        if (foundation.IndexOfAnyExceptInRange('!', '~') >= 0)
        {
            return false;
        }

        var host = NextToken(ref text);
        if (!TryNumber(NextToken(ref text), 0, ushort.MaxValue, out var port)
            || !NextToken(ref text).Equals("typ", StringComparison.OrdinalIgnoreCase)
            || !TryType(NextToken(ref text), out var type)
            || !TryHost(host, (ushort)port, out var address, out var hostName))
        {
            return false;
        }

        ReadExtensions(text, out var related, out var tcpType);
        candidate = new IceCandidate(foundation.ToString(), priority, address, type)
        {
            Component = (int)component,
            Transport = transport,
            HostName = hostName,
            RelatedAddress = related,
            TcpType = tcpType,
        };
        return true;
    }

    /// <summary>The value of the attribute, "candidate:" included and "a=" not, as RTCIceCandidate.candidate has it.</summary>
    public static string Format(in IceCandidate candidate)
    {
        var text = new StringBuilder(96);
        text.Append(CultureInfo.InvariantCulture, $"candidate:{candidate.Foundation} {candidate.Component} ");
        text.Append(candidate.Transport == IceTransport.Udp ? "udp" : "tcp");
        var host = candidate.HostName ?? IceAddressText.Format(candidate.Address);
        text.Append(CultureInfo.InvariantCulture, $" {candidate.Priority} {host} ");
        text.Append(CultureInfo.InvariantCulture, $"{candidate.Address.Port} typ {TypeName(candidate.Type)}");
        var related = candidate.RelatedAddress;
        if (related != default)
        {
            text.Append(CultureInfo.InvariantCulture, $" raddr {IceAddressText.Format(related)} rport {related.Port}");
        }

        if (candidate.TcpType is not null)
        {
            text.Append(" tcptype ").Append(candidate.TcpType);
        }

        return text.ToString();
    }

    private static void ReadExtensions(ReadOnlySpan<char> text, out TransportAddress related, out string? tcpType)
    {
        related = default;
        tcpType = null;
        scoped ReadOnlySpan<char> relatedHost = default;
        var name = NextToken(ref text);
        for (var value = NextToken(ref text); !value.IsEmpty; name = NextToken(ref text), value = NextToken(ref text))
        {
            switch (name)
            {
                case "raddr":
                    relatedHost = value;
                    break;
                case "rport" when TryNumber(value, 0, ushort.MaxValue, out var port):
                    IceAddressText.TryParse(relatedHost, (ushort)port, out related);
                    break;
                case "tcptype" when value.Length <= 16 && value.IndexOfAnyExcept(TokenChars) < 0:
                    tcpType = value.ToString();
                    break;
                default:
                    break;
            }
        }
    }

    private static bool TryHost(ReadOnlySpan<char> host, ushort port, out TransportAddress address, out string? name)
    {
        name = null;
        if (IceAddressText.TryParse(host, port, out address))
        {
            return true;
        }

        if (host.Length is 0 or > 253 || host.IndexOfAnyExcept(HostNameChars) >= 0 || !host.ContainsAnyExceptInRange('-', '9'))
        {
            return false;
        }

        name = host.ToString();
        address = new TransportAddress(0, port);
        return true;
    }

    private static bool TryTransport(ReadOnlySpan<char> token, out IceTransport transport)
    {
        transport = token.Equals("tcp", StringComparison.OrdinalIgnoreCase) ? IceTransport.Tcp : IceTransport.Udp;
        return transport == IceTransport.Tcp || token.Equals("udp", StringComparison.OrdinalIgnoreCase);
    }

    private static bool TryType(ReadOnlySpan<char> token, out IceCandidateType type)
    {
        type = default;
        foreach (var known in Enum.GetValues<IceCandidateType>())
        {
            if (token.Equals(TypeName(known), StringComparison.OrdinalIgnoreCase))
            {
                type = known;
                return true;
            }
        }

        return false;
    }

    private static string TypeName(IceCandidateType type) => type switch
    {
        IceCandidateType.Host => "host",
        IceCandidateType.PeerReflexive => "prflx",
        IceCandidateType.ServerReflexive => "srflx",
        _ => "relay",
    };

    private static bool TryNumber(ReadOnlySpan<char> token, uint minimum, uint maximum, out uint value) =>
        uint.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= minimum && value <= maximum;

    private static ReadOnlySpan<char> NextToken(ref ReadOnlySpan<char> text)
    {
        text = text.TrimStart(" \t");
        var end = text.IndexOfAny(' ', '\t');
        var token = end < 0 ? text : text[..end];
        text = text[token.Length..];
        return token;
    }
}
