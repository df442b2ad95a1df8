using Microsoft.Extensions.DependencyInjection;

namespace P2PCam.Tests.Hosting;

/// <summary>What a second call would replace in silence is an error that names both calls.</summary>
public class OneSourceTests
{
    public static TheoryData<string> Sources => ["UseCamera()", "UseTestPattern()", "UseFile()", "UseRtsp()", "UseFFmpegPassThrough()", "UseBrowserCamera()", "UseVideoSource()", "UseEncodedVideoSource()"];

    [Theory]
    [MemberData(nameof(Sources))]
    public void TwoSources_AreAnError_ThatNamesBoth(string second)
    {
        var builder = new ServiceCollection().AddP2PBroadcaster("yard").UseTestPattern();
        var error = Assert.Throws<InvalidOperationException>(() => Use(builder, second));
        Assert.Contains($"'yard' shows one source, and UseTestPattern() and {second} both give it one", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{second} and UseTestPattern()", Assert.Throws<InvalidOperationException>(() => Use(new ServiceCollection().AddP2PBroadcaster(), second).UseTestPattern()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoEncoders_AreAnError()
    {
        var builder = new ServiceCollection().AddP2PBroadcaster().UseFFmpegEncoder();
        Assert.Contains("UseFFmpegEncoder() and UseFFmpegEncoder()", Assert.Throws<InvalidOperationException>(() => builder.UseFFmpegEncoder()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoTransportsOfAViewer_AreAnError_AndOfABroadcasterAreNot()
    {
        var viewer = new ServiceCollection().AddP2PViewer().UseWebSocketSignaling(new Uri("ws://a/signal"));
        Assert.Contains("UseWebSocketSignaling() and UseInMemorySignaling()", Assert.Throws<InvalidOperationException>(() => viewer.UseInMemorySignaling()).Message, StringComparison.Ordinal);
        new ServiceCollection().AddP2PBroadcaster().UseInMemorySignaling().UseWebSocketSignaling(new Uri("ws://a/signal"));
    }

    private static IP2PBroadcasterBuilder Use(IP2PBroadcasterBuilder builder, string call) => call switch
    {
        "UseCamera()" => builder.UseCamera(),
        "UseTestPattern()" => builder.UseTestPattern(),
        "UseFile()" => builder.UseFile("clip.mp4"),
        "UseRtsp()" => builder.UseRtsp(new Uri("rtsp://a/b")),
        "UseFFmpegPassThrough()" => builder.UseFFmpegPassThrough("clip.mp4"),
        "UseBrowserCamera()" => builder.UseBrowserCamera(),
        "UseVideoSource()" => builder.UseVideoSource(_ => new TestPatternSource(64, 64)),
        _ => builder.UseEncodedVideoSource(_ => throw new NotSupportedException()),
    };
}
