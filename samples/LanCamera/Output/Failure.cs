using LanCamera.Arguments;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using P2PCam;

namespace LanCamera.Output;

/// <summary>What goes wrong at start, as one line and an exit code: 2 for what the user can change.</summary>
internal static class Failure
{
    private const int CannotStart = 2;

    public static string? Explain(Exception exception, LanCameraOptions? options) => exception switch
    {
        // The same number serves TCP and UDP, so it does not matter which of them is taken.
        P2PException { Code: "P2P2101" } or IOException { InnerException: AddressInUseException } =>
            $"Port {options?.Port} is taken by another program. Stop that one, or choose another with --port.",
        UsageException or P2PException => exception.Message,
        OptionsValidationException invalid => string.Join(' ', invalid.Failures),
        ArgumentException refusal => Refusal.Words(refusal),
        System.Net.Sockets.SocketException => $"Port {options?.Port} cannot be used: {exception.Message.TrimEnd('.')}. Choose another with --port.",
        _ => null,
    };

    public static int Report(string words)
    {
        Console.Error.WriteLine($"LanCamera: {words}");
        return CannotStart;
    }
}
