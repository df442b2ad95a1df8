using System.Text;
using Xunit;

namespace P2PCam.SignalingConformance;

/// <summary>A bare link for tests that say what no transport would.</summary>
internal sealed class RawLink(ISignalingLink link) : IAsyncDisposable
{
    public ValueTask SendAsync(string json) => link.SendAsync(Encoding.UTF8.GetBytes(json), CancellationToken.None);

    public ValueTask SendAsync(SignalingMessage message) => link.SendAsync(SignalingJson.Serialize(message), CancellationToken.None);

    /// <summary>The next message; null when the link has ended, in whatever way.</summary>
    public async Task<SignalingMessage?> NextAsync()
    {
        try
        {
            if (await link.ReceiveAsync(CancellationToken.None).AsTask().WaitAsync(Participant.Limit) is not { } json)
            {
                return null;
            }

            Assert.True(SignalingJson.TryParse(json.Span, out var message, out var error), error);
            return message;
        }
        catch (SignalingException)
        {
            return null;
        }
    }

    public async Task<T> NextAsync<T>()
        where T : SignalingMessage => Assert.IsType<T>(await NextAsync());

    public async Task ExpectEndAsync()
    {
        while (await NextAsync() is not null)
        {
        }
    }

    public ValueTask DisposeAsync() => link.DisposeAsync();
}
