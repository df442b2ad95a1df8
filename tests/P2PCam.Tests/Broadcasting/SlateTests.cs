using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using P2PCam.Broadcasting;
using P2PCam.Codecs.Vp8;
using P2PCam.Diagnostics;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.Tests.Broadcasting;

public sealed class SlateTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogCollector _log = new();
    private readonly StreamMetrics _metrics = new(BroadcastInstruments.For(null), "slate", () => 0, () => 0);
    private readonly SlateEncoder _encoder = new("front door");
    private readonly List<(uint Timestamp, int Size)> _sent = [];
    private readonly StreamOutput _output;
    private readonly Slate _slate;
    private readonly long _start;
    private bool _isWatched = true;

    public SlateTests()
    {
        _start = _time.GetTimestamp();
        _output = new StreamOutput(new Packetizers(1000), Take, () => _time.GetElapsedTime(_start));
        _slate = new Slate(_encoder, _output, () => _isWatched, _time, _metrics, new FakeLogger(_log));
    }

    [Fact]
    public void Shown_IsSentAtOnce_AndAboutOnceASecond_UntilHidden()
    {
        _slate.Show((320, 180));
        _time.Advance(TimeSpan.Zero);
        Assert.Single(_sent);
        Advance(10);
        Assert.Equal(11, _sent.Count);
        Assert.Equal(11, _slate.Sent);
        Assert.Equal(_sent.Select(frame => frame.Timestamp).Distinct().Order(), _sent.Select(frame => frame.Timestamp));

        _slate.Hide();
        Advance(10);
        Assert.Equal(11, _sent.Count);
        Assert.False(_slate.TryRequest());
        Assert.Empty(_log.GetSnapshot());
    }

    [Fact]
    public void ViewerThatNeedsAKeyFrame_GetsItAtOnce_ManyTogetherShareOne()
    {
        _slate.Show((320, 180));
        Advance(0.3);
        Assert.Single(_sent);
        for (var i = 0; i < 20; i++)
        {
            Assert.True(_slate.TryRequest());
            Advance(0.01);
        }

        // One at once, one for those who came behind it.
        Advance(0.3);
        Assert.Equal(3, _sent.Count);
    }

    [Fact]
    public void OneSize_IsEncodedOnce_AndEverybodyGetsTheSameBytes()
    {
        _slate.Show((320, 180));
        Advance(3);
        _slate.Hide();
        _slate.Show((320, 180));
        Advance(3);
        Assert.Equal(1, _encoder.Encodings);
        Assert.Single(_sent.Select(frame => frame.Size).Distinct());

        _slate.Show((640, 360));
        Advance(3);
        Assert.Equal(2, _encoder.Encodings);
    }

    [Fact]
    public void NobodyWatching_NothingIsSentOrEncoded()
    {
        _isWatched = false;
        _slate.Show((320, 180));
        Advance(5);
        Assert.Empty(_sent);
        Assert.Equal(0, _encoder.Encodings);

        _isWatched = true;
        _slate.TryRequest();
        Advance(0.01);
        Assert.Single(_sent);
    }

    [Fact]
    public void AfterTheSlate_NothingButAKeyFrameGoesOut()
    {
        Assert.True(_output.TryWrite(RtpVideoCodec.Vp8, new byte[100], true, TimeSpan.Zero));
        Assert.True(_output.TryWrite(RtpVideoCodec.Vp8, new byte[100], false, TimeSpan.FromSeconds(0.03)));
        _slate.Show((320, 180));
        Advance(0);
        Assert.True(_output.NeedsKeyFrame);
        Assert.False(_output.TryWrite(RtpVideoCodec.Vp8, new byte[100], false, TimeSpan.FromSeconds(0.06)));
        _slate.Hide();
        Assert.False(_output.TryWrite(RtpVideoCodec.Vp8, new byte[100], false, TimeSpan.FromSeconds(0.09)));
        Assert.True(_output.TryWrite(RtpVideoCodec.Vp8, new byte[100], true, TimeSpan.FromSeconds(0.12)));
        Assert.False(_output.NeedsKeyFrame);
        Assert.True(_output.TryWrite(RtpVideoCodec.Vp8, new byte[100], false, TimeSpan.FromSeconds(0.15)));
        Assert.Equal(5, _sent.Count);
    }

    [Theory]
    [InlineData(1280, 720, 1280, 720)]
    [InlineData(320, 180, 320, 180)]
    [InlineData(641, 361, 641, 361)]
    [InlineData(720, 1280, 720, 1280)]
    [InlineData(7680, 4320, 1920, 1080)]
    [InlineData(2, 2, 32, 32)]
    [InlineData(16383, 16, 1920, 32)]
    [InlineData(0, 0, 640, 360)]
    public void EachSize_IsAKeyFrameThatShowsWords(int width, int height, int expectedWidth, int expectedHeight)
    {
        var encoded = _encoder.Get((width, height)).ToArray();
        Assert.True(Vp8FrameTag.TryParse(encoded, out var tag));
        Assert.Equal((expectedWidth, expectedHeight), (tag.Width, tag.Height));

        using var decoder = new Vp8Decoder();
        Assert.Equal(Vp8DecodeResult.Ok, decoder.Decode(encoded, TimeSpan.Zero, out var picture));
        using (picture)
        {
            var bright = picture!.GetPlane(0).Count(luma => luma > 120);
            Assert.InRange(bright, expectedWidth * expectedHeight / 800, expectedWidth * expectedHeight / 4);
        }

        Assert.InRange(encoded.Length, 50, 80_000);
    }

    [Theory]
    [InlineData("default", "the picture comes back by itself")]
    [InlineData("front-door", "front-door")]
    public void SecondLine_IsTheStreamsOwnName(string stream, string expected) => Assert.Equal(expected, SlateWords.Under(stream));

    public void Dispose()
    {
        _slate.Dispose();
        _metrics.Dispose();
    }

    private void Advance(double seconds)
    {
        for (var left = TimeSpan.FromSeconds(seconds); left > TimeSpan.Zero; left -= TimeSpan.FromMilliseconds(10))
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        _time.Advance(TimeSpan.Zero);
    }

    private void Take(PacketizedFrame frame)
    {
        _sent.Add((frame.RtpTimestamp, frame.TotalSize));
        frame.Release();
    }
}

internal static class SpanCounting
{
    public static int Count(this ReadOnlySpan<byte> bytes, Func<byte, bool> isCounted)
    {
        var count = 0;
        foreach (var value in bytes)
        {
            count += isCounted(value) ? 1 : 0;
        }

        return count;
    }
}
