namespace P2PCam;

/// <summary>Errors that every transport reports in the same words.</summary>
internal static class SignalingErrors
{
    public const string BrokenCode = "P2P2010";
    public const string TooLargeCode = "P2P2008";
    public const string GoingAwayCode = "P2P2014";

    public static SignalingException NotConnected() => new("P2P2001", "Not connected: call ConnectAsync first, and again after the messages have ended.");

    public static SignalingException Broken(Exception? inner = null) => new(BrokenCode, "The signaling connection broke.", inner);

    public static SignalingException Closed() => new(BrokenCode, "The signaling connection is closed.");

    public static SignalingException TooLarge(int bytes) =>
        new(TooLargeCode, $"A message may have {SignalingLimits.MaxMessageBytes} bytes; this one has {(bytes > SignalingLimits.MaxMessageBytes ? bytes : "more")}.");

    public static SignalingException NotAStreamName() => new("P2P2004", "A stream name has 1 to 64 letters, digits, '-', '_' or '.'.");

    public static SignalingException Unreachable(string where, Exception inner, TimeSpan limit) => new(
        "P2P2002", $"No signaling connection to {where}: {(inner is OperationCanceledException ? $"no answer within {limit.TotalSeconds:0} s" : inner.Message)}", inner);

    public static string WordsOf(SignalingException e) => e.Message[(e.Code.Length + 2)..];
}
