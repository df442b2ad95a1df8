namespace P2PCam;

/// <summary>Errors that every transport reports in the same words.</summary>
internal static class SignalingErrors
{
    public const string UnreachableCode = "P2P2002";
    public const string BrokenCode = "P2P2010";
    public const string TooLargeCode = "P2P2008";
    public const string GoingAwayCode = "P2P2014";
    public const string DistrustedCode = "P2P2015";
    public const string NoSignalingCode = "P2P2016";

    public static SignalingException NotConnected() => new("P2P2001", "Not connected: call ConnectAsync first, and again after the messages have ended.");

    public static SignalingException Broken(Exception? inner = null) => new(BrokenCode, "The signaling connection broke.", inner);

    public static SignalingException Closed() => new(BrokenCode, "The signaling connection is closed.");

    public static SignalingException TooLarge(int bytes) =>
        new(TooLargeCode, $"A message may have {SignalingLimits.MaxMessageBytes} bytes; this one has {(bytes > SignalingLimits.MaxMessageBytes ? bytes : "more")}.");

    public static SignalingException NotAStreamName() => new("P2P2004", "A stream name has 1 to 64 letters, digits, '-', '_' or '.'.");

    public static SignalingException Silent(string? where, TimeSpan limit, Exception inner) => new(
        UnreachableCode, $"No signaling connection{(where is null ? "" : $" to {where}")}: no answer within {Words.Duration(limit)}. Check that the host runs, and the firewalls in between.", inner);

    public static SignalingException NoWelcome(string? what) => new(
        "P2P2009",
        $"The server answered the hello with {what ?? "a goodbye"} instead of a welcome, so it is no P2PCam signaling. MapP2PCam has that at {SignalingAddress.UsualSocketPath} (WebSocket) and {SignalingAddress.UsualHubPath} (SignalR).");

    /// <summary>What the host says for people at a page, and for a program where it has to put what is asked for.</summary>
    public static SignalingException Refused(ErrorMessage refusal)
    {
        var advice = refusal.Code switch
        {
            "P2P3101" => " A program gives it by Pin in the options of its transport (ConsoleViewer: --pin).",
            "P2P3104" => " A program gives the token in it by AccessTokenProvider in the options of its transport (ConsoleViewer and ConsoleBroadcaster: --token).",
            _ => "",
        };
        return new SignalingException(refusal.Code, Words.Sentence(refusal.Message) + advice) { IsRefusal = true };
    }

    public static string WordsOf(SignalingException e) => e.Message[(e.Code.Length + 2)..];
}
