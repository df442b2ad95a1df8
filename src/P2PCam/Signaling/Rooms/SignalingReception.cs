namespace P2PCam;

/// <summary>The door of every host, whatever the link: takes the hello, has it admitted, and hands the guest to the rooms.</summary>
internal sealed class SignalingReception(ISignalingRooms rooms, TimeSpan helloTimeout, TimeProvider timeProvider)
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(1);

    /// <summary>Serves one link until it ends, and disposes it. Throws nothing but <see cref="OperationCanceledException"/>.</summary>
    /// <param name="link">A connected link.</param>
    /// <param name="transportName">For logs and <see cref="ViewerInfo.Transport"/>.</param>
    /// <param name="admit">The one place where a hello is admitted.</param>
    /// <param name="stopping">The host shuts down.</param>
    /// <param name="cancellationToken">The connection is gone.</param>
    /// <returns>Why it ended, if not by a goodbye.</returns>
    public async Task<string?> ServeAsync(
        ISignalingLink link, string transportName, Func<HelloMessage, CancellationToken, ValueTask<SignalingAdmission>> admit, CancellationToken stopping, CancellationToken cancellationToken)
    {
        await using (link)
        {
            try
            {
                if (await ReceiveHelloAsync(link, cancellationToken) is { } hello)
                {
                    var admission = await admit(hello, cancellationToken);
                    using var place = admission.Place;
                    await rooms.HostAsync(link, new SignalingGuest(transportName, hello, admission), stopping, cancellationToken);
                }

                return null;
            }
            catch (SignalingException e)
            {
                return e.Message;
            }
        }
    }

    /// <summary>Says what is wrong, in the protocol and in the goodbye, and gives both time to arrive.</summary>
    public static async Task RefuseAsync(ISignalingLink link, string code, string words, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        if (code != SignalingErrors.TooLargeCode)
        {
            await link.SendAsync(SignalingJson.Serialize(new ErrorMessage(code, words)), cancellationToken);
        }

        await link.CloseAsync(code, cancellationToken);
        await DrainAsync(link, timeProvider, cancellationToken);
    }

    private async Task<HelloMessage?> ReceiveHelloAsync(ISignalingLink link, CancellationToken cancellationToken)
    {
        // The read goes on when the time is over: cancelling it would abort the link before the client is told why.
        var receiving = ReceiveAsync(link, cancellationToken);
        try
        {
            await receiving.WaitAsync(helloTimeout, timeProvider, cancellationToken);
        }
        catch (TimeoutException)
        {
            await link.SendAsync(SignalingJson.Serialize(new ErrorMessage("P2P3006", $"No hello within {Words.Duration(helloTimeout)}.")), cancellationToken);
            await link.CloseAsync("P2P3006", cancellationToken);
            await QuietlyAsync(receiving.WaitAsync(DrainLimit, timeProvider, cancellationToken));
            return null;
        }
        catch (SignalingException e) when (e.Code != SignalingErrors.BrokenCode)
        {
            await RefuseAsync(link, e.Code, SignalingErrors.WordsOf(e), timeProvider, cancellationToken);
            return null;
        }

        var first = await receiving;
        var refusal = first switch
        {
            null => null,
            HelloMessage { Version: not SignalingLimits.ProtocolVersion } hello => new SignalingException(
                "P2P3008", $"This host speaks version {SignalingLimits.ProtocolVersion} of the protocol, not {hello.Version}; update the older one."),
            HelloMessage hello => SignalingLimits.IsStreamName(hello.Stream) ? null : SignalingErrors.NotAStreamName(),
            _ => new SignalingException("P2P3007", "The first message must be a hello."),
        };
        if (refusal is not null)
        {
            await RefuseAsync(link, refusal.Code, SignalingErrors.WordsOf(refusal), timeProvider, cancellationToken);
        }

        return refusal is null ? first as HelloMessage : null;
    }

    private static async Task<SignalingMessage?> ReceiveAsync(ISignalingLink link, CancellationToken cancellationToken)
    {
        while (await link.ReceiveAsync(cancellationToken) is { } json)
        {
            if (SignalingJson.TryParse(json.Span, out var message, out var error))
            {
                return message;
            }

            await link.SendAsync(SignalingJson.Serialize(new ErrorMessage("P2P2011", error)), cancellationToken);
        }

        return null;
    }

    // Closing a TCP connection with unread data resets it, and the client would never see what was sent last.
    private static async Task DrainAsync(ISignalingLink link, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = timeProvider.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), limit, DrainLimit, Timeout.InfiniteTimeSpan);
        for (var isOpen = true; isOpen;)
        {
            try
            {
                isOpen = await link.ReceiveAsync(limit.Token) is not null;
            }
            catch (SignalingException e) when (e.Code != SignalingErrors.BrokenCode)
            {
                // More of what was refused.
            }
            catch (Exception e) when (e is SignalingException or OperationCanceledException)
            {
                isOpen = false;
            }
        }
    }

    private static async Task QuietlyAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e) when (e is OperationCanceledException or SignalingException or TimeoutException)
        {
            // This link is at its end, whatever the reason.
        }
    }
}
