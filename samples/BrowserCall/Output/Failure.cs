using Microsoft.AspNetCore.Connections;
using P2PCam;

namespace BrowserCall.Output;

/// <summary>What goes wrong at start, as one line.</summary>
internal static class Failure
{
    public static string? Explain(Exception exception, CallOptions? options) => exception switch
    {
        IOException { InnerException: AddressInUseException } => $"Port {options?.Port} is taken by another program. Stop that one, or choose another with --port.",
        UsageException or P2PException => exception.Message,
        System.Net.Sockets.SocketException => $"Port {options?.Port} cannot be used: {exception.Message.TrimEnd('.')}. Choose another with --port.",
        _ => null,
    };
}
