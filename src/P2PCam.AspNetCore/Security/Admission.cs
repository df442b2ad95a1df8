using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace P2PCam.AspNetCore.Security;

/// <summary>
/// The one place where it is decided who may connect and who may join what, whatever the transport: <see cref="TryEnter"/> when a connection
/// comes, <see cref="AdmitAsync"/> at its hello.
/// </summary>
internal sealed partial class Admission
{
    private readonly P2PCamEndpointOptions _options;
    private readonly IServiceScopeFactory _scopes;
    private readonly ILogger<Admission> _logger;
    private readonly TimeProvider _timeProvider;
    private readonly ConnectionLimiter _connections;
    private readonly JoinRateLimiter _joins;
    private readonly StreamPlaces _viewers;
    private readonly DefaultSignalingAuthorizer _default;

    public Admission(P2PCamEndpointOptions options, IServiceProvider services, IServiceScopeFactory scopes, ILogger<Admission> logger)
    {
        (_options, _scopes, _logger) = (options, scopes, logger);
        _timeProvider = services.GetService<TimeProvider>() ?? TimeProvider.System;
        _connections = new ConnectionLimiter(options.MaxConnections, options.MaxConnectionsPerAddress);
        _joins = new JoinRateLimiter(options.MaxJoinsPerMinute, _timeProvider);
        _viewers = new StreamPlaces(options.MaxViewersPerStream);
        var tokenOptions = services.GetService<IOptions<P2PCamTokenOptions>>()?.Value ?? new P2PCamTokenOptions();
        _default = new DefaultSignalingAuthorizer(options, _timeProvider, services.GetService<P2PCamTokens>(), tokenOptions);
    }

    /// <summary>Takes a place for a connection, to be disposed with it; null if there are too many (503) or they come too fast (429).</summary>
    public IDisposable? TryEnter(IPAddress? remote, out EntryRefusal refusal)
    {
        refusal = EntryRefusal.None;
        var place = _connections.TryEnter(remote);
        if (place is null)
        {
            LogFull();
            refusal = new(StatusCodes.Status503ServiceUnavailable, "P2P3005", "too many signaling connections; try again later.");
            return null;
        }

        // Asked last: a connection that was refused for another reason was no join.
        if (!_joins.TryJoin(remote))
        {
            LogTooFast();
            place.Dispose();
            refusal = new(StatusCodes.Status429TooManyRequests, "P2P3112", "too many connections from this address within a minute; try again later.");
            return null;
        }

        return place;
    }

    /// <summary>Decides about a hello. Dispose the outcome when the participant leaves.</summary>
    public async ValueTask<Admitted> AdmitAsync(SignalingRequest request, CancellationToken cancellationToken)
    {
        var decision = await DecideAsync(request, cancellationToken);
        if (!decision.IsAllowed)
        {
            LogRefused(SignalingLimits.IsStreamName(request.Stream) ? request.Stream : "?", decision.Code!);
            return new Admitted(decision);
        }

        IDisposable? place = null;
        if (request.Role == SignalingRole.Viewer && (place = _viewers.TryEnter(request.Stream)) is null)
        {
            return new Admitted(SignalingDecision.Refuse($"This camera already has {_options.MaxViewersPerStream} viewers, its limit; try again later.", "P2P3113"));
        }

        return new Admitted(decision, IceServersOf(decision), place);
    }

    /// <summary>
    /// Decides whether somebody may be the camera by publishing to a source here. Other than a program that brings a camera of its own, it always takes somebody who says
    /// yes: this machine itself, a token, the policy, an authorizer.
    /// </summary>
    public async ValueTask<Admitted> AdmitPublisherAsync(HttpContext context, SignalingRequest request, CancellationToken cancellationToken)
    {
        var decision = _options.PublishFromLoopback && ThisMachine.IsAsking(context) ? SignalingDecision.Allow() : await DecideAboutPublisherAsync(request, cancellationToken);
        if (!decision.IsAllowed)
        {
            LogRefused(request.Stream, decision.Code!);
            return new Admitted(decision);
        }

        return new Admitted(decision, IceServersOf(decision));
    }

    private IReadOnlyList<IceServer> IceServersOf(SignalingDecision decision)
    {
        var now = _timeProvider.GetUtcNow();
        return [.. decision.IceServers, .. _options.IceServers, .. _options.TurnServers.Select(server => server.Issue(now))];
    }

    private async ValueTask<SignalingDecision> DecideAboutPublisherAsync(SignalingRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = _scopes.CreateAsyncScope();
            var services = scope.ServiceProvider;
            if (!await AskPolicyAsync(services, request))
            {
                return SignalingDecision.Refuse("You are not permitted to be this stream's camera.");
            }

            if (services.GetService<ISignalingAuthorizer>() is { } authorizer)
            {
                return await authorizer.AuthorizeAsync(request, cancellationToken);
            }

            if (_options.BroadcastPolicy is not null && !P2PCamTokens.LooksLikeOne(request.Token))
            {
                return SignalingDecision.Allow();
            }

            return services.GetService<P2PCamTokens>() is { } tokens
                ? DefaultSignalingAuthorizer.DecideByToken(tokens.Check(request.Token, request.Stream, SignalingRole.Broadcaster))
                : SignalingDecision.Refuse("Only the machine that this host runs on may be its camera: open the page there, by localhost. For other machines AddP2PCamTokens makes links.", "P2P3314");
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogFailed(e.GetType().Name);
            return SignalingDecision.Refuse("The host cannot tell at the moment who may publish; try again later.", "P2P3110");
        }
    }

    private async ValueTask<SignalingDecision> DecideAsync(SignalingRequest request, CancellationToken cancellationToken)
    {
        if (!SignalingLimits.IsStreamName(request.Stream))
        {
            return SignalingDecision.Refuse("A stream name has 1 to 64 letters, digits, '-', '_' or '.'.", "P2P2004");
        }

        if (!IsTaken(request.Role))
        {
            return SignalingDecision.Refuse(
                request.Role == SignalingRole.Caller ? "This host takes no calls; they are let in by AllowCallers." : "This host takes viewers only; a camera joins by AllowBroadcasters.", "P2P3009");
        }

        try
        {
            await using var scope = _scopes.CreateAsyncScope();
            return await AskPolicyAsync(scope.ServiceProvider, request)
                ? await (scope.ServiceProvider.GetService<ISignalingAuthorizer>() ?? _default).AuthorizeAsync(request, cancellationToken)
                : SignalingDecision.Refuse(request.Role == SignalingRole.Viewer ? "You are not permitted to watch this camera." : "You are not permitted to be this stream's camera.");
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Its text may quote the token; the type leads whoever wrote the authorizer to the place.
            LogFailed(e.GetType().Name);
            return SignalingDecision.Refuse("The host cannot tell at the moment who may join; try again later.", "P2P3110");
        }
    }

    private bool IsTaken(SignalingRole role) => role switch
    {
        SignalingRole.Viewer => true,
        SignalingRole.Broadcaster => _options.AllowBroadcasters,
        SignalingRole.Caller => _options.AllowCallers,
        _ => false,
    };

    private async ValueTask<bool> AskPolicyAsync(IServiceProvider services, SignalingRequest request)
    {
        var policy = request.Role == SignalingRole.Viewer ? _options.ViewPolicy : _options.BroadcastPolicy;
        return policy is null || (await services.GetRequiredService<IAuthorizationService>().AuthorizeAsync(request.User, request, policy)).Succeeded;
    }

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "A signaling connection was refused: there are too many, in total or from its address.")]
    private partial void LogFull();

    [LoggerMessage(EventId = 3201, Level = LogLevel.Warning, Message = "A signaling connection was refused: its address connects too often.")]
    private partial void LogTooFast();

    [LoggerMessage(EventId = 3202, Level = LogLevel.Information, Message = "Stream {Stream}: a participant was refused by {Code}.")]
    private partial void LogRefused(string stream, string code);

    [LoggerMessage(EventId = 3203, Level = LogLevel.Error, Message = "An authorizer or policy failed with {Exception}; the participant was refused (P2P3110).")]
    private partial void LogFailed(string exception);
}
