using P2PCam;

namespace Samples;

/// <summary>What went wrong on the way to the server, in one line, and the exit codes of programs that dial one.</summary>
internal static class ServerFailure
{
    public const int CannotStart = 2;
    public const int Unreachable = 3;
    public const int Refused = 4;

    public static (int ExitCode, string Words)? Explain(Exception exception) => exception switch
    {
        UsageException => (CannotStart, exception.Message),
        ArgumentException refusal => (CannotStart, Refusal.Words(refusal)),
        SignalingException { Code: "P2P2002" or "P2P2009" or "P2P2010" or "P2P2015" or "P2P2016" } => (Unreachable, exception.Message),
        SignalingException => (Refused, exception.Message),
        _ => null,
    };
}
