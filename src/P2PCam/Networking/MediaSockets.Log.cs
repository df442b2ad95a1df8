using Microsoft.Extensions.Logging;

namespace P2PCam.Networking;

internal sealed partial class MediaSockets
{
    [LoggerMessage(EventId = 1910, Level = LogLevel.Warning, Message = "P2P2103: stream {Stream} waits for a network: this machine has no address to send video from. It goes on by itself when there is one.")]
    private partial void LogNoAddress(string stream);

    [LoggerMessage(EventId = 1911, Level = LogLevel.Information, Message = "Stream {Stream} sends video from {Addresses} addresses of this machine, UDP port {Port}.")]
    private partial void LogAddresses(string stream, int addresses, int port);

    [LoggerMessage(EventId = 1912, Level = LogLevel.Warning, Message = "Stream {Stream} sends video from UDP port {Port}, because {Default} is in use by {Owner}. A firewall must let that in too; MediaPort sets it.")]
    private partial void LogNextPort(string stream, int port, int @default, string owner);

    [LoggerMessage(EventId = 1914, Level = LogLevel.Warning, Message = "P2P2103: stream {Stream} can be watched on this machine only, which has no network. Others can watch as soon as it has.")]
    private partial void LogAlone(string stream);

    [LoggerMessage(EventId = 1913, Level = LogLevel.Warning, Message = "Stream {Stream}: an address of this machine cannot be used for video: {Reason}")]
    private partial void LogNotBound(string stream, string reason);

    [LoggerMessage(EventId = 1915, Level = LogLevel.Debug, Message = "Stream {Stream}: the addresses of this machine could not be looked at: {Reason}")]
    private partial void LogLookFailed(string stream, string reason);
}
