using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Tests.Receiving;

/// <summary>Layers that are promised and never come, that come as padding or in pieces, that pause, leave, and come back.</summary>
public sealed partial class SimulcastTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void LayerOfPaddingOnly_IsNone_AndTheLargestOfTheOthersIsShown(int padded, bool byRtx)
    {
        (_layers[padded].SendsPadding, _layers[padded].PadsByRtx) = (true, byRtx);
        foreach (var other in _layers.Where(layer => layer != _layers[padded]))
        {
            other.IsSent = false;
        }

        // Browsers probe before they send.
        Run(seconds: 2);
        Array.ForEach(_layers, layer => layer.IsSent = true);
        var frames = Run(seconds: 6);

        Assert.Equal(padded == 2 ? "h" : "f", frames[^1].Rid);
        Assert.InRange(frames.Count, 170, 184);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(0, 2)]
    [InlineData(0, 1)]
    [InlineData(2, 2)]
    public void LayersThatNeverCome_LeaveTheOthersWatchable(int first, int second)
    {
        _layers[first].IsSent = _layers[second].IsSent = false;
        var frames = Run(seconds: 4);

        Assert.InRange(frames.Count, 115, 124);
        Assert.DoesNotContain(frames, frame => frame.Rid == _layers[first].Rid || frame.Rid == _layers[second].Rid);
    }

    [Fact]
    public void KeyFramesLostAtTheBeginning_AreAskedForInEveryLayer()
    {
        using var video = NewVideo();
        foreach (var layer in _layers)
        {
            layer.NextFrame(); // nobody got it
        }

        var frames = Run(seconds: 5, video);

        Assert.Equal("f", frames[^1].Rid);
        Assert.InRange(frames.Count, 120, 150);
        Assert.All(_layers, layer => Assert.InRange(layer.KeyFrameRequests, 1, 3));
    }

    [Fact]
    public void LargestLayerInPieces_NeverDarkensTheScreen()
    {
        _layers[2].SendsPieces = true;
        var frames = Run(seconds: 10);

        Assert.Equal("h", frames[^1].Rid);
        Assert.InRange(frames.Count, 290, 304);
        Assert.InRange(_layers[2].KeyFrameRequests, 1, 12); // and is not asked for ever
    }

    [Fact]
    public void ChosenLayerThatGivesNoFrames_LeavesWhatIsShown()
    {
        _layers[1].SendsPieces = true;
        Run(seconds: 3);
        Assert.True(_video.TrySelectLayer(_now, "h"));
        var frames = Run(seconds: 8);

        Assert.InRange(frames.Count, 235, 244);
        Assert.All(frames, frame => Assert.Equal("f", frame.Rid));
        _layers[1].SendsPieces = false;
        Assert.Equal("h", Run(seconds: 3)[^1].Rid);
    }

    [Fact]
    public void ChosenLayerThatPauses_IsReplaced_AndTakesOverAgainWhenItComesBack()
    {
        Run(seconds: 3);
        Assert.True(_video.TrySelectLayer(_now, "h"));
        Run(seconds: 2);
        _layers[1].IsSent = false;
        Assert.Equal("f", Run(seconds: 4)[^1].Rid);
        _layers[1].IsSent = true;
        var frames = Run(seconds: 4);

        Assert.Equal("h", frames[^1].Rid);
        AssertSeamless(frames);
    }

    [Fact]
    public void LargestLayerThatPausesAndComesBack_IsShownAgain()
    {
        Run(seconds: 3);
        _layers[2].IsSent = false;
        Assert.Equal("h", Run(seconds: 30)[^1].Rid);
        _layers[2].IsSent = true;

        Assert.Equal("f", Run(seconds: 4)[^1].Rid);
    }

    [Fact]
    public void AllLayersPause_TheFirstThatComesBackIsShown()
    {
        Run(seconds: 3);
        Array.ForEach(_layers, layer => layer.IsSent = false);
        Assert.Empty(Run(seconds: 20));
        _layers[0].IsSent = true;

        Assert.Equal("q", Run(seconds: 2)[^1].Rid);
    }

    [Fact]
    public void GoodbyeOfTheShownLayer_BringsTheNextAtOnce_AndEndsNothing()
    {
        Run(seconds: 3);
        _layers[2].IsSent = false;
        _video.HandleGoodbye(_now, _layers[2].Ssrc);
        var frames = Run(seconds: 0.3);

        Assert.Equal("h", frames[^1].Rid);
        Assert.Equal(TimeSpan.MaxValue, _video.GoneSince);
    }

    [Fact]
    public void GoodbyeOfAnotherLayer_ChangesNothing()
    {
        Run(seconds: 3);
        _layers[0].IsSent = false;
        _video.HandleGoodbye(_now, _layers[0].Ssrc);
        _video.HandleGoodbye(_now, 12_345);

        Assert.All(Run(seconds: 3), frame => Assert.Equal("f", frame.Rid));
    }

    [Fact]
    public void GoodbyeOfEveryLayer_IsTheEnd()
    {
        Run(seconds: 3);
        foreach (var layer in _layers)
        {
            Assert.Equal(TimeSpan.MaxValue, _video.GoneSince);
            layer.IsSent = false;
            _video.HandleGoodbye(_now, layer.Ssrc);
        }

        Assert.InRange(_video.GoneSince, _now - TimeSpan.FromSeconds(1), _now);
    }

    [Fact]
    public void SlowLayers_AreNotTakenForSilent()
    {
        Array.ForEach(_layers, layer => layer.FramesPerSecond = 1);
        Run(seconds: 6);
        var asked = _layers.Sum(layer => layer.KeyFrameRequests);
        var frames = Run(seconds: 20);

        Assert.InRange(frames.Count, 19, 21);
        Assert.All(frames, frame => Assert.Equal("f", frame.Rid));
        Assert.Equal(asked, _layers.Sum(layer => layer.KeyFrameRequests));
    }

    [Fact]
    public void OtherMediaOnTheTransport_DoNotCountAsVideo()
    {
        Run(seconds: 3);
        var (before, rate) = (_video.Counters, _video.GetReceivedRate(_now));
        for (var i = 0; i < 500; i++)
        {
            var audio = new byte[1000];
            new RtpHeader(111, true, (ushort)i, (uint)i * 960, 0x5555).Write(audio);
            _video.HandleRtp(_now, audio);
        }

        Assert.Equal((before, rate), (_video.Counters, _video.GetReceivedRate(_now)));
    }

    [Fact]
    public void RetransmissionsWithoutAName_GoToTheLayerThatMissesThem()
    {
        Array.ForEach(_layers, layer => layer.NamesResends = false);
        Run(seconds: 3);
        Array.ForEach(_layers, layer => layer.LosesEveryTenth = true);
        var asked = _layers.Sum(layer => layer.KeyFrameRequests);
        var frames = Run(seconds: 5);

        Assert.All(frames, frame => Assert.Equal("f", frame.Rid));
        Assert.InRange(frames.Count, 145, 152);
        Assert.InRange(_video.Counters.RtxPackets, 100, 1000);
        Assert.Equal(asked, _layers.Sum(layer => layer.KeyFrameRequests));
    }

    [Fact]
    public void TheOnlyLayer_NeedsNoName()
    {
        using var video = new IncomingVideo(new IncomingVideoOptions
        {
            Stream = new VideoReceiverOptions { LocalSsrc = 1, Formats = [new RtpFormat(RtpVideoCodec.Vp8, 96, 97)], CanonicalName = "x" },
            Extensions = new HeaderExtensionIds(1, 2, 3) { Rid = RidId + 4 },
            Rids = ["f"],
        });
        _layers[0].IsSent = _layers[1].IsSent = false;

        Assert.InRange(Run(seconds: 2, video).Count, 58, 61);
    }

    private static IncomingVideo NewVideo() => new(new IncomingVideoOptions
    {
        Stream = new VideoReceiverOptions { LocalSsrc = 1, Formats = [new RtpFormat(RtpVideoCodec.Vp8, 96, 97)], CanonicalName = "x" },
        Extensions = new HeaderExtensionIds(1, 2, 3) { Rid = RidId, RepairedRid = RepairedRidId },
        Rids = ["h", "f", "q"],
    });
}
