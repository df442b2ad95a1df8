using P2PCam.SignalingConformance;
using P2PCam.Tests.Signaling.OwnTransport;

namespace P2PCam.Tests.Signaling;

/// <summary>The transport of docs/own-transport.md.</summary>
public class OwnTransportConformanceTests : SignalingConformanceTests
{
    protected override Task<ISignalingTestHost> StartHostAsync(SignalingTestSettings settings) => Task.FromResult<ISignalingTestHost>(new TestHost(settings));

    private sealed class TestHost(SignalingTestSettings settings) : ISignalingTestHost
    {
        private readonly Dictionary<ISignalingTransport, TcpCutter> _cutters = [];
        private readonly TcpSignalingHost _host = new(new InMemorySignaling
        {
            ResumeTime = settings.ResumeTime,
            Authorize = hello => settings.Refuse(hello) is { } code ? new SignalingException(code, "refused") : null,
        });

        public ISignalingTransport CreateTransport()
        {
            var cutter = new TcpCutter(_host.Address);
            var transport = new TcpSignalingTransport(cutter.Address);
            lock (_cutters)
            {
                _cutters.Add(transport, cutter);
            }

            return transport;
        }

        public Task CutConnectionAsync(ISignalingTransport transport)
        {
            _cutters[transport].Cut();
            return Task.CompletedTask;
        }

        public Task MendConnectionAsync(ISignalingTransport transport)
        {
            _cutters[transport].Mend();
            return Task.CompletedTask;
        }

        public async Task<ISignalingLink> OpenLinkAsync()
        {
            var client = new System.Net.Sockets.TcpClient();
            await client.ConnectAsync(_host.Address);
            return new StreamSignalingLink(client.GetStream());
        }

        public Task StopAsync() => _host.DisposeAsync().AsTask();

        public async ValueTask DisposeAsync()
        {
            await _host.DisposeAsync();
            foreach (var cutter in _cutters.Values)
            {
                await cutter.DisposeAsync();
            }
        }
    }
}
