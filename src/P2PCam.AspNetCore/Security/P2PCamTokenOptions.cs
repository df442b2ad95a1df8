namespace P2PCam.AspNetCore;

/// <summary>How <c>AddP2PCamTokens</c> signs tokens, and who needs one.</summary>
public sealed class P2PCamTokenOptions
{
    /// <summary>
    /// Keys of <see cref="P2PCamTokens.KeyBytes"/> bytes: the first one signs, all of them are honoured. To rotate, put the new one in front and
    /// take the old one away when its last token has expired. Empty (the default) makes one that lives as long as the program.
    /// </summary>
    public IList<byte[]> Keys { get; } = [];

    /// <summary>Whether viewers need a token, or the PIN if there is one. Default true.</summary>
    public bool RequireForViewers { get; set; } = true;

    /// <summary>Whether broadcasters need a token, where they are allowed at all. Default true.</summary>
    public bool RequireForBroadcasters { get; set; } = true;
}
