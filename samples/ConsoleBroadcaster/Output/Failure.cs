using Microsoft.Extensions.Options;
using P2PCam;

namespace ConsoleBroadcaster.Output;

/// <summary>What goes wrong at start, as one line and an exit code.</summary>
internal static class Failure
{
    public static (int ExitCode, string Words)? Explain(Exception exception) => ServerFailure.Explain(exception) ?? exception switch
    {
        P2PException { Code: "P2P2101" } => (ServerFailure.CannotStart, "That UDP port is taken by another program. Choose another with --media-port, or leave it out for any free one."),
        P2PException => (ServerFailure.CannotStart, exception.Message),
        OptionsValidationException invalid => (ServerFailure.CannotStart, string.Join(' ', invalid.Failures)),
        _ => null,
    };
}
