using System.Buffers;

namespace P2PCam.WebRtc.Sdp;

/// <summary>The character classes and separators of RFC 8866 section 9.</summary>
internal static class SdpText
{
    /// <summary>token-char: visible ASCII without the characters <c>"(),/:;&lt;=&gt;?@[\]</c>.</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>What separates words, and means nothing at either end of a line or value: some devices write tabs, some pad.</summary>
    public const string Blanks = " \t\r";

    private static readonly SearchValues<char> BlankCharacters = SearchValues.Create(Blanks);

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

    /// <summary>Cuts off the first word; empty at the end.</summary>
    public static ReadOnlySpan<char> TakeWord(ref ReadOnlySpan<char> text)
    {
        text = text.TrimStart(Blanks);
        var end = text.IndexOfAny(BlankCharacters);
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

    /// <summary>The name of <c>name:value</c>, or all of it.</summary>
    public static ReadOnlySpan<char> AttributeName(ReadOnlySpan<char> text) =>
        (text.IndexOf(':') is var colon and >= 0 ? text[..colon] : text).Trim(Blanks);

    /// <summary>The value of <c>name:value</c>; empty without one.</summary>
    public static ReadOnlySpan<char> AttributeValue(ReadOnlySpan<char> text) =>
        text.IndexOf(':') is var colon and >= 0 ? text[(colon + 1)..].Trim(Blanks) : default;

    /// <summary>Whether two names are the same: tokens of ABNF have no case (RFC 5234 section 2.3).</summary>
    public static bool AreSame(ReadOnlySpan<char> left, ReadOnlySpan<char> right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);

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
