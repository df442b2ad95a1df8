using Xunit;

namespace P2PCam.SignalingConformance;

/// <summary>
/// What every signaling transport shall do. Derive from it, give it a host, and run it for a transport of your own. The cases are in files
/// by subject: joining, messages, limits, ends, resuming.
/// </summary>
public abstract partial class SignalingConformanceTests : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _things = [];

    /// <summary>The host of the running test.</summary>
    protected ISignalingTestHost Host { get; private set; } = null!;

    /// <summary>Before each case: a host of its own.</summary>
    public async Task InitializeAsync() => Host = await StartHostAsync(new SignalingTestSettings());

    /// <summary>After each case: participants first, then the host.</summary>
    public async Task DisposeAsync()
    {
        foreach (var thing in _things)
        {
            await thing.DisposeAsync();
        }

        await Host.DisposeAsync();
    }

    /// <summary>Starts a host with empty rooms.</summary>
    protected abstract Task<ISignalingTestHost> StartHostAsync(SignalingTestSettings settings);

    private async Task RestartHostAsync(SignalingTestSettings settings)
    {
        await Host.DisposeAsync();
        Host = await StartHostAsync(settings);
    }

    private async Task<Participant> JoinAsync(SignalingRole role, string stream = "default", string? token = null)
    {
        var transport = Host.CreateTransport();
        _things.Add(transport);
        await transport.ConnectAsync(new SignalingJoin(stream, role, token));
        var participant = new Participant(transport);
        await participant.NextAsync<WelcomeMessage>();
        return participant;
    }

    /// <summary>Both at their places, past what they hear of each other.</summary>
    private async Task<(Participant Broadcaster, Participant Viewer)> JoinBothAsync()
    {
        var broadcaster = await JoinAsync(SignalingRole.Broadcaster);
        var viewer = await JoinAsync(SignalingRole.Viewer);
        Assert.Equal(viewer.Id, (await broadcaster.NextAsync<PeerJoinedMessage>()).Peer);
        return (broadcaster, viewer);
    }

    private async Task<RawLink> OpenRawAsync()
    {
        var raw = new RawLink(await Host.OpenLinkAsync());
        _things.Add(raw);
        return raw;
    }

    private async Task<(RawLink Link, WelcomeMessage Welcome)> JoinRawAsync(HelloMessage hello)
    {
        var raw = await OpenRawAsync();
        await raw.SendAsync(hello);
        return (raw, await raw.NextAsync<WelcomeMessage>());
    }

    private static async Task<string> CodeOfAsync(Func<Task> action) => (await Assert.ThrowsAsync<SignalingException>(action)).Code;
}
