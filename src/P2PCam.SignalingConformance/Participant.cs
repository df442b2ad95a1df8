using Xunit;

namespace P2PCam.SignalingConformance;

/// <summary>A transport with its reader, for tests that expect one message after the other.</summary>
internal sealed class Participant(ISignalingTransport transport) : IAsyncDisposable
{
    /// <summary>How long anything may take on a machine that does other things as well.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly IAsyncEnumerator<SignalingMessage> _messages = transport.ReadAllAsync().GetAsyncEnumerator();

    public ISignalingTransport Transport { get; } = transport;

    public string Id { get; private set; } = "";

    public async Task<SignalingMessage> NextAsync()
    {
        Assert.True(await MoveNextAsync(), "The messages ended.");
        if (_messages.Current is WelcomeMessage welcome)
        {
            Id = welcome.PeerId;
        }

        return _messages.Current;
    }

    public async Task<T> NextAsync<T>()
        where T : SignalingMessage => Assert.IsType<T>(await NextAsync());

    /// <summary>The next message of the type, whatever comes in between.</summary>
    public async Task<T> FindAsync<T>()
        where T : SignalingMessage
    {
        while (true)
        {
            if (await NextAsync() is T found)
            {
                return found;
            }
        }
    }

    public Task<bool> MoveNextAsync() => _messages.MoveNextAsync().AsTask().WaitAsync(Limit);

    public ValueTask SendAsync(SignalingMessage message) => Transport.SendAsync(message);

    public ValueTask DisposeAsync() => Transport.DisposeAsync();
}
