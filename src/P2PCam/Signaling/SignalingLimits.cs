namespace P2PCam;

/// <summary>Bounds that every transport keeps.</summary>
public static class SignalingLimits
{
    /// <summary>The largest message, in bytes of UTF-8 JSON.</summary>
    public const int MaxMessageBytes = 64 * 1024;

    /// <summary>How many messages may wait for a participant before it counts as stalled.</summary>
    public const int MaxQueuedMessages = 256;

    /// <summary>How long after a break a session can be resumed, unless the host says otherwise.</summary>
    public static readonly TimeSpan DefaultResumeTime = TimeSpan.FromSeconds(30);

    /// <summary>The version of the protocol that this library speaks.</summary>
    public const int ProtocolVersion = 1;

    internal static bool IsStreamName(string? name) =>
        name is { Length: >= 1 and <= 64 } && name.AsSpan().IndexOfAnyExcept(StreamNameCharacters) < 0;

    private static readonly System.Buffers.SearchValues<char> StreamNameCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");
}
