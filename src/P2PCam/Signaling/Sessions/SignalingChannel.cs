namespace P2PCam;

/// <summary>
/// One end of a signaling session, over as many links as it takes, one after the other. Both ends count what they have received, and say
/// so when a session resumes: nothing is lost or doubled. In between, an end confirms what it has dealt with (<see cref="AckMessage"/>),
/// every few messages, and sends no more than a window ahead of what the other has confirmed.
/// </summary>
internal sealed class SignalingChannel(int capacity, TimeProvider timeProvider)
{
    private const int ConfirmEvery = 16;
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(2);
    private readonly TaskCompletionSource _goodbye = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _received;
    private long _consumed;
    private long _confirmed;

    public SignalingOutbox Outbox { get; } = new(capacity);

    /// <summary>Completes once this end has said goodbye.</summary>
    public Task Goodbye => _goodbye.Task;

    /// <summary>How many messages came in: whatever it was, except hello, welcome and ack.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>A message that was delivered has been dealt with; until then it counts against the other end's window.</summary>
    public void Consume()
    {
        if (Interlocked.Increment(ref _consumed) - Interlocked.Read(ref _confirmed) >= ConfirmEvery)
        {
            Outbox.Nudge();
        }
    }

    /// <summary>
    /// Carries messages over one link until it ends. Returns after a goodbye of either side; throws <see cref="SignalingException"/> when the
    /// link broke. The caller disposes the link.
    /// </summary>
    /// <param name="link">Connected, and past hello and welcome.</param>
    /// <param name="deliver">Takes a message that came in, without waiting, and sees to it that <see cref="Consume"/> is called.</param>
    /// <param name="left">Called once the other side has said goodbye, before it is answered: who has the answer may come anew, and must find its leave done.</param>
    /// <param name="cancellationToken">Ends it without a goodbye.</param>
    public async Task RunAsync(ISignalingLink link, Action<SignalingMessage> deliver, Action? left, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Interlocked.Exchange(ref _confirmed, Received);
        var writing = WriteAsync(link, ended.Token, broken.Token);
        var reading = ReadAsync(link, deliver, ended.Token);
        var first = await Task.WhenAny(writing, reading);
        if (first == writing && writing.IsCompletedSuccessfully)
        {
            // We said goodbye: the other side's own, if it comes soon, leaves nothing unread behind.
            await QuietlyAsync(reading.WaitAsync(GoodbyeLimit, timeProvider, ended.Token));
        }

        // Cancelling a read may abort the link, which is at its end by now. A message that is cancelled half sent does, too, and with the link go the
        // words that say why it ends: who broke a rule is told.
        await ended.CancelAsync();
        if (reading is { IsFaulted: true, Exception.InnerException: SignalingException { Code: not SignalingErrors.BrokenCode } })
        {
            await QuietlyAsync(writing.WaitAsync(GoodbyeLimit, timeProvider, cancellationToken));
        }

        await broken.CancelAsync();
        await Task.WhenAll(QuietlyAsync(writing), QuietlyAsync(reading));
        cancellationToken.ThrowIfCancellationRequested();
        await first;
        if (first == reading)
        {
            left?.Invoke();
            await link.CloseAsync(null, cancellationToken);
        }
    }

    private async Task ReadAsync(ISignalingLink link, Action<SignalingMessage> deliver, CancellationToken cancellationToken)
    {
        while (await link.ReceiveAsync(cancellationToken) is { } json)
        {
            if (!SignalingJson.TryParse(json.Span, out var message, out var error))
            {
                Interlocked.Increment(ref _received);
                Outbox.TryAdd(SignalingJson.Serialize(new ErrorMessage("P2P2011", error)));
                Consume();
            }
            else if (message is AckMessage ack)
            {
                Outbox.Confirm(ack.Received);
            }
            else
            {
                Interlocked.Increment(ref _received);
                deliver(message);
            }
        }
    }

    /// <summary>The only writer of the link: messages in order, confirmations in between, at last the goodbye.</summary>
    /// <param name="link">Where to.</param>
    /// <param name="ended">Ends it between two messages.</param>
    /// <param name="cancellationToken">Ends it in the middle of one, and the link with it.</param>
    private async Task WriteAsync(ISignalingLink link, CancellationToken ended, CancellationToken cancellationToken)
    {
        while (true)
        {
            ended.ThrowIfCancellationRequested();
            var changed = Outbox.Changed;
            var consumed = Interlocked.Read(ref _consumed);
            if (Outbox.IsConfirmed && consumed - Interlocked.Read(ref _confirmed) >= ConfirmEvery)
            {
                await link.SendAsync(SignalingJson.Serialize(new AckMessage(consumed)), cancellationToken);
                Interlocked.Exchange(ref _confirmed, consumed);
            }

            if (Outbox.TryTake(out var message))
            {
                await link.SendAsync(message, cancellationToken);
            }
            else if (Outbox.IsFinished(out var errorCode))
            {
                await link.CloseAsync(errorCode, cancellationToken);
                _goodbye.TrySetResult();
                return;
            }
            else
            {
                await changed.WaitAsync(ended);
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
            // What ended first says why; this one only follows.
        }
    }
}
