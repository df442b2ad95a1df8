using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using P2PCam.AspNetCore.Proxies;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.LanHttps;

/// <summary>
/// Takes TLS and plain HTTP on one port. A TLS connection starts with a handshake record, whose first byte is 22 (RFC 8446 section 5.1);
/// no HTTP request starts with that.
/// </summary>
internal static class TlsOrPlain
{
    private const byte HandshakeRecord = 22;
    private const int MaxConnectionsPerAddress = 128;
    private static readonly TimeSpan FirstByteTimeout = TimeSpan.FromSeconds(10);

    public static void UseTlsOrPlain(this ListenOptions listen, TlsHandshakeCallbackOptions tls, TimeProvider timeProvider, KnownProxies? proxies)
    {
        var limiter = new ConnectionLimiter(int.MaxValue, MaxConnectionsPerAddress);

        // Kestrel builds its chain from the end: what comes after TLS is known before what comes ahead of it is used.
        ConnectionDelegate? afterTls = null;
        listen.Use(beforeTls => async connection =>
        {
            // A proxy brings everybody's connections; whom it brings is counted where requests are.
            var remote = (connection.RemoteEndPoint as IPEndPoint)?.Address;
            var isProxy = proxies?.Contains(remote) == true;
            using var place = isProxy ? null : limiter.TryEnter(remote);
            if ((place is null && !isProxy) || await ReadFirstByteAsync(connection, timeProvider) is not { } first)
            {
                return;
            }

            await (first == HandshakeRecord ? beforeTls(connection) : afterTls!(connection));
        });
        listen.UseHttps(tls);
        listen.Use(next => afterTls = next);
    }

    /// <summary>Looks at the first byte and leaves it in the pipe; null when none came.</summary>
    private static async ValueTask<byte?> ReadFirstByteAsync(ConnectionContext connection, TimeProvider timeProvider)
    {
        var input = connection.Transport.Input;
        using var limit = new CancellationTokenSource(FirstByteTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, connection.ConnectionClosed);
        ReadResult result;
        try
        {
            result = await input.ReadAsync(either.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return null;
        }

        var first = result.Buffer.IsEmpty ? (byte?)null : result.Buffer.FirstSpan[0];
        // Nothing consumed, nothing examined: the next reader gets the same bytes at once.
        input.AdvanceTo(result.Buffer.Start);
        return first;
    }
}
