using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace P2PCam.Benchmarks;

/// <summary>
/// An offer from a viewer to the broadcaster and the answer back, each of about 2 kB, over each transport. The broadcaster is in the
/// server's process, as with MapP2PCam; a further transport is a further case of <see cref="CreateViewer"/>.
/// </summary>
[MemoryDiagnoser]
public class SignalingBenchmarks
{
    private readonly InMemorySignaling _rooms = new();
    private readonly OfferMessage _offer = new(new string('o', 2_000));
    private readonly CancellationTokenSource _ending = new();
    private WebApplication? _server;
    private ISignalingTransport _viewer = null!;
    private ISignalingTransport _broadcaster = null!;
    private IAsyncEnumerator<SignalingMessage> _messages = null!;
    private Task _answering = Task.CompletedTask;

    [Params("in-memory", "websocket", "signalr")]
    public string Transport { get; set; } = "";

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _broadcaster = _rooms.CreateTransport();
        await _broadcaster.ConnectAsync(new SignalingJoin("default", SignalingRole.Broadcaster));
        _answering = Task.Run(AnswerAllAsync);
        _viewer = await CreateViewer();
        await _viewer.ConnectAsync(new SignalingJoin("default", SignalingRole.Viewer));
        _messages = _viewer.ReadAllAsync().GetAsyncEnumerator();
        await RoundTrip();
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _viewer.DisposeAsync();
        await _ending.CancelAsync();
        await _broadcaster.DisposeAsync();
        await _answering;
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Benchmark]
    public async Task<string> RoundTrip()
    {
        await _viewer.SendAsync(_offer);
        while (await _messages.MoveNextAsync())
        {
            if (_messages.Current is AnswerMessage answer)
            {
                return answer.Sdp;
            }
        }

        throw new InvalidOperationException("The signaling connection ended.");
    }

    private async Task<ISignalingTransport> CreateViewer() => Transport switch
    {
        "in-memory" => _rooms.CreateTransport(),
        "websocket" => new WebSocketSignalingTransport(new Uri($"ws://127.0.0.1:{await StartServerAsync()}/signal")),
        "signalr" => new SignalRSignalingTransport(new Uri($"http://127.0.0.1:{await StartServerAsync()}/hub")),
        _ => throw new InvalidOperationException($"There is no transport {Transport}."),
    };

    private async Task<int> StartServerAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(_rooms);
        _server = builder.Build();
        _server.MapP2PCam(configure: options => options.MaxMessagesPerSecond = 10_000);
        await _server.StartAsync();
        return new Uri(_server.Urls.Single()).Port;
    }

    private async Task AnswerAllAsync()
    {
        var answer = new string('a', 2_000);
        try
        {
            await foreach (var message in _broadcaster.ReadAllAsync(_ending.Token))
            {
                if (message is OfferMessage)
                {
                    await _broadcaster.SendAsync(new AnswerMessage(answer) { Peer = message.Peer });
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
