using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Signaling;

/// <summary>
/// Where signaling comes in, whatever the transport: WebSocket and hub go through here. First the request (origin, places), then the
/// hello, both decided by <see cref="Admission"/>.
/// </summary>
internal sealed partial class SignalingGateway(
    ISignalingRooms rooms, P2PCamEndpointOptions options, Admission admission, CrossOrigin crossOrigin, IHostApplicationLifetime lifetime, ILogger<SignalingGateway> logger, TimeProvider? timeProvider = null)
{
    /// <summary>How many seconds' worth of messages may come at once: a browser's offer and candidates do.</summary>
    private const int Burst = 4;
    private readonly TimeProvider _timeProvider = timeProvider ?? TimeProvider.System;
    private readonly SignalingReception _reception = new(rooms, options.HelloTimeout, timeProvider ?? TimeProvider.System);

    /// <summary>Lets requests of foreign pages fall (403), and those for which there is no place (429, 503). A place is held as long as the request lasts.</summary>
    public RequestDelegate Guard(RequestDelegate next) => async context =>
    {
        if (!crossOrigin.TryAllow(context))
        {
            var why = Words.Sentence(OriginGate.Explain(context.Request));
            LogForeignOrigin(why);
            await RefuseAsync(context, StatusCodes.Status403Forbidden, $"P2P3004: {why}");
            return;
        }

        using var place = admission.TryEnter(context.Connection.RemoteIpAddress, out var refusal);
        if (place is null)
        {
            context.Response.Headers.RetryAfter = "5";
            await RefuseAsync(context, refusal.Status, $"{refusal.Code}: {refusal.Words}");
            return;
        }

        await next(context);
    };

    /// <summary>What pages of allowed origins may read.</summary>
    public CrossOrigin CrossOrigin => crossOrigin;

    /// <summary>Serves a link until it ends.</summary>
    public async Task ServeAsync(ISignalingLink link, HttpContext context, string transportName, CancellationToken aborted)
    {
        var rate = new TokenBucket(options.MaxMessagesPerSecond, Burst * options.MaxMessagesPerSecond, _timeProvider);
        var limited = new RateLimitedLink(link, rate, options.MaxMessagesPerSecond);
        try
        {
            var end = await _reception.ServeAsync(
                limited, transportName, (hello, cancellationToken) => AdmitAsync(context, hello, transportName, cancellationToken), lifetime.ApplicationStopping, aborted);
            if (end is not null)
            {
                var why = Words.Sentence(end);
                LogEnded(why);
            }
        }
        catch (OperationCanceledException)
        {
            // The client vanished.
        }
    }

    public static Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n");
    }

    /// <summary>The one place where a hello is let in or refused.</summary>
    private async ValueTask<SignalingAdmission> AdmitAsync(HttpContext context, HelloMessage hello, string transportName, CancellationToken cancellationToken)
    {
        var request = new SignalingRequest(hello.Stream, hello.Role)
        {
            Token = hello.Token,
            RemoteAddress = context.Connection.RemoteIpAddress,
            User = context.User,
            Transport = transportName,
        };
        var admitted = await admission.AdmitAsync(request, cancellationToken);
        return new SignalingAdmission(admitted.Refusal?.Code, admitted.Refusal?.Words, admitted.IceServers) { ExpiresAt = admitted.ExpiresAt, Place = admitted };
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Warning, Message = "P2P3004: a page of a foreign origin was refused: {Reason}")]
    private partial void LogForeignOrigin(string reason);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Debug, Message = "A signaling connection ended: {Reason}")]
    private partial void LogEnded(string reason);
}
