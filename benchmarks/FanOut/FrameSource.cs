using System.Diagnostics;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Wire;

namespace P2PCam.FanOut;

/// <summary>
/// Stands in for the encoder: frames that the product's packetizer cuts into six payloads of 1,042 bytes (VP8 descriptor included). Paced
/// by a thread of its own; unpaced, the loop itself asks for the next frame when it has sent one.
/// </summary>
internal sealed class FrameSource : IDisposable
{
    public const int FramesPerSecond = 30;
    private const int PacketsPerFrame = 6;
    private const int PayloadBytes = 1_042;
    private const int DescriptorBytes = 4;
    private readonly byte[] _encoded = new byte[PacketsPerFrame * (PayloadBytes - DescriptorBytes)];
    private readonly Vp8Packetizer _packetizer = new(CryptographicRandom.Instance, PayloadBytes);
    private readonly Viewers _viewers;
    private readonly Action _nextUnpaced;
    private readonly bool _unpaced;
    private uint _timestamp;
    private int _started;
    private volatile bool _ended;

    public FrameSource(Viewers viewers, bool unpaced)
    {
        (_viewers, _unpaced) = (viewers, unpaced);
        Random.Shared.NextBytes(_encoded);
        _nextUnpaced = NextUnpaced;
        if (!unpaced)
        {
            new Thread(Pace) { IsBackground = true, Name = "Frames" }.Start();
        }
    }

    /// <summary>Lets an unpaced source begin; again, or paced: nothing.</summary>
    public void Start()
    {
        if (_unpaced && Interlocked.Exchange(ref _started, 1) == 0)
        {
            _viewers.Loop.Post(_nextUnpaced);
        }
    }

    public void Dispose() => _ended = true;

    private void Pace()
    {
        var start = Stopwatch.GetTimestamp();
        for (long frame = 1; !_ended; frame++)
        {
            PostFrame();
            var left = TimeSpan.FromSeconds((double)frame / FramesPerSecond) - Stopwatch.GetElapsedTime(start);
            if (left > TimeSpan.Zero)
            {
                Thread.Sleep(left);
            }
        }
    }

    private void NextUnpaced()
    {
        if (!_ended)
        {
            PostFrame();
            _viewers.Loop.Post(_nextUnpaced);
        }
    }

    private void PostFrame()
    {
        var info = new Vp8FrameInfo(_viewers.TakeKeyFrameRequest(), _timestamp, _viewers.Loop.Now);
        _timestamp += 90_000 / FramesPerSecond;
        _viewers.Loop.PostFrame(_packetizer.Packetize(_encoded, info));
    }
}
