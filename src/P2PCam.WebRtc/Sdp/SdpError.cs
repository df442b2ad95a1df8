namespace P2PCam.WebRtc.Sdp;

/// <summary>Why a session description was refused.</summary>
internal enum SdpErrorCode
{
    None,

    /// <summary>More characters, lines, media or candidates than <see cref="SdpLimits"/> allows.</summary>
    TooLarge,

    /// <summary>The text does not start with v=0.</summary>
    NotSdp,

    /// <summary>A line is not of the form letter=value, or carries control characters.</summary>
    MalformedLine,

    /// <summary>o= without its six fields.</summary>
    MalformedOrigin,

    /// <summary>m= without kind, port, protocol and formats.</summary>
    MalformedMedia,

    /// <summary>A fingerprint that is no hash of the length its name says.</summary>
    MalformedFingerprint,

    /// <summary>A mid that is no token, or two media with the same one.</summary>
    InvalidMid,
}

/// <summary>What is wrong and where.</summary>
/// <param name="Code">The kind of fault.</param>
/// <param name="Line">The line, from 1; 0 when it is not about a line.</param>
/// <param name="Message">For a log or an HTTP answer; quotes nothing secret.</param>
internal readonly record struct SdpError(SdpErrorCode Code, int Line, string Message)
{
    public override string ToString() => Line == 0 ? $"{Code}: {Message}" : $"{Code} in line {Line}: {Message}";
}

/// <summary>How much of a stranger's text is read. Browsers send 2–10 KB.</summary>
internal static class SdpLimits
{
    public const int MaxCharacters = 64 * 1024;
    public const int MaxLines = 1000;
    public const int MaxMedia = 16;
    public const int MaxCandidates = 100;

    /// <summary>Words in a list on one line: payload types, mids of a group, options.</summary>
    public const int MaxWords = 256;
}
