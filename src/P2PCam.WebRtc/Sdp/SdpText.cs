using System.Buffers;

namespace P2PCam.WebRtc.Sdp;

/// <summary>The character classes and separators of RFC 8866 section 9.</summary>
internal static class SdpText
{
    /// <summary>token-char: visible ASCII without the characters <c>"(),/:;&lt;=&gt;?@[\]</c>.</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz{|}~");

    private static readonly SearchValues<char> IceCharacters =
        SearchValues.Create("+/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenCharacters);

    /// <summary>Tokens separated by slashes, such as UDP/TLS/RTP/SAVPF.</summary>
    public static bool IsProtocol(ReadOnlySpan<char> text)
    {
        foreach (var part in text.Split('/'))
        {
            if (!IsToken(text[part]))
            {
                return false;
            }
        }

        return !text.IsEmpty;
    }

    /// <summary>ice-char (RFC 8839 section 5.4), with the lengths that a ufrag or password may have.</summary>
    public static bool IsIceText(ReadOnlySpan<char> text, int minimum) =>
        text.Length >= minimum && text.Length <= 256 && !text.ContainsAnyExcept(IceCharacters);

    /// <summary>Cuts off the first word; empty at the end.</summary>
    public static ReadOnlySpan<char> TakeWord(ref ReadOnlySpan<char> text)
    {
        text = text.TrimStart(' ');
        var end = text.IndexOf(' ');
        var word = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[(end + 1)..];
        return word;
    }

    /// <summary>The words of a list, the first <see cref="SdpLimits.MaxWords"/> of them.</summary>
    public static List<string> SplitWords(ReadOnlySpan<char> text)
    {
        var words = new List<string>();
        while (words.Count < SdpLimits.MaxWords && TakeWord(ref text) is { IsEmpty: false } word)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    public static SdpDirection? ParseDirection(ReadOnlySpan<char> name) => name switch
    {
        "sendrecv" => SdpDirection.SendReceive,
        "sendonly" => SdpDirection.SendOnly,
        "recvonly" => SdpDirection.ReceiveOnly,
        "inactive" => SdpDirection.Inactive,
        _ => null,
    };

    public static string Name(SdpDirection direction) => direction switch
    {
        SdpDirection.SendReceive => "sendrecv",
        SdpDirection.SendOnly => "sendonly",
        SdpDirection.ReceiveOnly => "recvonly",
        _ => "inactive",
    };
}
