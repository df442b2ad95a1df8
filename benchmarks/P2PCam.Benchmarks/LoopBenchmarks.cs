using System.Diagnostics;
using System.Net;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using P2PCam.Networking;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Sessions;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Benchmarks;

/// <summary>
/// The whole send loop: one encoded frame of six packets to every viewer, through packetizer, session loop, encryption, history and real
/// UDP sockets on loopback. The viewers (<see cref="SinkViewer"/>) shook hands and answer consent checks, but throw the video away.
/// </summary>
[MemoryDiagnoser]
public class LoopBenchmarks
{
    private const int Batch = 10;

    // What the process does once after the collection that comes before each measurement, about a kilobyte, must not count as a frame's.
    private const int FramesPerInvoke = 2_000;
    private static readonly TimeSpan DriveInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);
    private readonly byte[] _encoded = new byte[6 * 1_038];
    private readonly Vp8Packetizer _packetizer = new(CryptographicRandom.Instance, 1_042);
    private readonly ManualResetEventSlim _done = new();
    private readonly List<SinkViewer> _viewers = [];
    private readonly Action _signalDone;
    private SessionLoop _loop = null!;
    private DtlsHandshakePool _handshakes = null!;
    private Thread _driver = null!;
    private volatile bool _wantsKeyFrame;
    private volatile bool _ending;
    private uint _timestamp;

    public LoopBenchmarks() => _signalDone = _done.Set;

    [Params(1, 10, 100)]
    public int Viewers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _loop = new SessionLoop(TimeProvider.System, NullLogger.Instance);
        _handshakes = new DtlsHandshakePool();
        var endpoint = UdpEndpoint.Bind(IPAddress.Loopback, 0);
        _loop.Start([endpoint]);
        var connected = new CountdownEvent(Viewers);
        for (var i = 0; i < Viewers; i++)
        {
            _viewers.Add(new SinkViewer(offer => Answer(offer, endpoint.Local, connected)));
        }

        _driver = new Thread(DriveViewers) { IsBackground = true, Name = "viewers" };
        _driver.Start();
        if (!connected.Wait(TimeSpan.FromMinutes(1)))
        {
            throw new TimeoutException($"{connected.CurrentCount} of {Viewers} viewers did not connect.");
        }

        // How many frames the histories hold depends on how many were sent within their second, so the pool starts with all that can be.
        var frames = Enumerable.Range(0, PacketizedFramePool.DefaultCapacity).Select(_ => NextFrame(isKeyFrame: false)).ToArray();
        Array.ForEach(frames, frame => frame.Release());

        // Each viewer's first consent check and first report come within seconds.
        var warm = Stopwatch.StartNew();
        while (warm.Elapsed < WarmUp)
        {
            SendBatch();
        }
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _loop.DisposeAsync();
        _ending = true;
        _driver.Join();
        foreach (var viewer in _viewers)
        {
            await viewer.DisposeAsync();
        }

        _handshakes.Dispose();
    }

    [Benchmark(OperationsPerInvoke = FramesPerInvoke)]
    public void SendFrame()
    {
        for (var sent = 0; sent < FramesPerInvoke; sent += Batch)
        {
            SendBatch();
        }
    }

    private void SendBatch()
    {
        for (var i = 0; i < Batch; i++)
        {
            var isKeyFrame = _wantsKeyFrame;
            _wantsKeyFrame = false;
            _loop.PostFrame(NextFrame(isKeyFrame));
        }

        WaitForLoop();
    }

    private PacketizedFrame NextFrame(bool isKeyFrame) => _packetizer.Packetize(_encoded, new Vp8FrameInfo(isKeyFrame, _timestamp += 3_000, _loop.Now));

    private void WaitForLoop()
    {
        _done.Reset();
        _loop.Post(_signalDone);
        _done.Wait();
    }

    private void DriveViewers()
    {
        while (!_ending)
        {
            _viewers.ForEach(static viewer => viewer.Drive());
            Thread.Sleep(DriveInterval);
        }
    }

    private string Answer(string offer, TransportAddress local, CountdownEvent connected)
    {
        var options = new PeerSessionOptions
        {
            Certificate = SinkViewer.Certificate,
            HandshakePool = _handshakes,
            LocalAddresses = [local],
            ClockOrigin = _loop.ClockOrigin,
            Wake = _loop.Wake,
        };
        if (!PeerSession.TryAnswer(options, offer, _loop.Now, out var session, out var answer, out var error))
        {
            throw new InvalidOperationException(error);
        }

        _loop.Post(() => _loop.Add(new DrivenSession(session, e =>
        {
            _wantsKeyFrame |= e.Kind is PeerSessionEventKind.Connected or PeerSessionEventKind.KeyFrameNeeded;
            if (e.Kind == PeerSessionEventKind.Connected)
            {
                connected.Signal();
            }
        })));
        return answer;
    }
}
