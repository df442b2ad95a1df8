using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace P2PCam.Interop.Tests.Support;

/// <summary>Signaling to a foreign peer that stands in for a broadcaster: the offer goes to it, what it says comes back.</summary>
/// <param name="onOffer">Gets the offer and a way to hand messages to the viewer.</param>
internal sealed class PeerSignaling(Func<string, Action<SignalingMessage>, Task> onOffer) : ISignalingTransport
{
    private readonly Channel<SignalingMessage> _toViewer = Channel.CreateUnbounded<SignalingMessage>();

    public string Name => "test";

    public Task ConnectAsync(SignalingJoin join, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public async ValueTask SendAsync(SignalingMessage message, CancellationToken cancellationToken = default)
    {
        if (message is OfferMessage offer)
        {
            try
            {
                await onOffer(offer.Sdp, said => _toViewer.Writer.TryWrite(said));
            }
            catch (Exception e)
            {
                // The viewer takes a failed send for a lost connection; the test wants to know why.
                _toViewer.Writer.TryWrite(new ErrorMessage("PEER", e.Message));
            }
        }
    }

    public async IAsyncEnumerable<SignalingMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var message in _toViewer.Reader.ReadAllAsync(cancellationToken))
        {
            yield return message;
        }
    }

    public ValueTask DisposeAsync()
    {
        _toViewer.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}
