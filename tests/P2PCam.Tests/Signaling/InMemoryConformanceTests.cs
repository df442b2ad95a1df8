using P2PCam.SignalingConformance;

namespace P2PCam.Tests.Signaling;

public class InMemoryConformanceTests : SignalingConformanceTests
{
    protected override Task<ISignalingTestHost> StartHostAsync(SignalingTestSettings settings) => Task.FromResult<ISignalingTestHost>(new TestHost(settings));

    private sealed class TestHost(SignalingTestSettings settings) : ISignalingTestHost
    {
        private readonly CancellationTokenSource _stopping = new();
        private readonly InMemorySignaling _rooms = new()
        {
            ResumeTime = settings.ResumeTime,
            Authorize = hello => settings.Refuse(hello) is { } code ? new SignalingException(code, "refused") : null,
        };

        public ISignalingTransport CreateTransport() => new InMemorySignalingTransport(_rooms, "in-memory") { Stopping = _stopping.Token };

        public async Task CutConnectionAsync(ISignalingTransport transport)
        {
            var cut = (InMemorySignalingTransport)transport;
            cut.IsUnreachable = true;
            await cut.BreakAsync();
        }

        public Task MendConnectionAsync(ISignalingTransport transport)
        {
            ((InMemorySignalingTransport)transport).IsUnreachable = false;
            return Task.CompletedTask;
        }

        public Task<ISignalingLink> OpenLinkAsync()
        {
            var (client, server) = InMemoryLink.CreatePair();
            _ = _rooms.ServeAsync(server, "in-memory", _stopping.Token);
            return Task.FromResult(client);
        }

        public Task StopAsync() => _stopping.CancelAsync();

        public ValueTask DisposeAsync()
        {
            _stopping.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
