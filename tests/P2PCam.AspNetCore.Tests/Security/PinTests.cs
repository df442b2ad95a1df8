using System.Net;
using Microsoft.Extensions.DependencyInjection;
using P2PCam.AspNetCore.Security;

namespace P2PCam.AspNetCore.Tests.Security;

public class PinTests
{
    private static readonly IPAddress Somebody = IPAddress.Parse("10.0.0.1");
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void WrongTries_CostGrowingWaits_InWhichEvenTheRightPinDoesNotOpen()
    {
        var gate = new PinGate("4711", _time);
        var waits = new List<double>();
        for (var i = 0; i < 13; i++)
        {
            Assert.Equal(new PinResult(false, TimeSpan.Zero), gate.Try("0000", Somebody));
            var during = gate.Try("4711", Somebody);
            if (i < 2)
            {
                // Two slips cost nothing; look at the wait without using up the right PIN.
                Assert.True(during.IsRight);
                gate = new PinGate("4711", _time);
                for (var j = 0; j <= i; j++)
                {
                    gate.Try("0000", Somebody);
                }

                continue;
            }

            Assert.False(during.IsRight);
            waits.Add(during.Wait.TotalSeconds);
            _time.Advance(during.Wait);
        }

        Assert.Equal([5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900], waits);
        Assert.True(gate.Try("4711", Somebody).IsRight);
        Assert.Equal(TimeSpan.Zero, gate.Try("0000", Somebody).Wait);
        Assert.True(gate.Try("4711", Somebody).IsRight);
    }

    [Fact]
    public void TriesWhileWaiting_DoNotMakeItLonger_AndOthersAreNotHeldUp()
    {
        var gate = new PinGate("4711", _time);
        for (var i = 0; i < 3; i++)
        {
            gate.Try("0000", Somebody);
        }

        Assert.All(Enumerable.Range(0, 1000), _ => Assert.Equal(5, gate.Try("4711", Somebody).Wait.TotalSeconds));
        Assert.True(gate.Try("4711", IPAddress.Parse("10.0.0.2")).IsRight);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(gate.Try("4711", Somebody).IsRight);
    }

    [Fact]
    public void ManyAddresses_TryNoFasterThanThirtyPerMinute_AndWhoWasInBeforeStillGetsIn()
    {
        var gate = new PinGate("4711", _time);
        Assert.True(gate.Try("4711", Somebody).IsRight);
        var lookedAt = 0;
        for (var second = 0; second < 600; second++)
        {
            for (var i = 0; i < 20; i++)
            {
                lookedAt += gate.Try("0000", new IPAddress(0x0B000000L + (second * 20) + i)).Wait == TimeSpan.Zero ? 1 : 0;
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(lookedAt, 300, 331); // 30 at once, then 0.5 per second
        Assert.True(gate.Try("4711", Somebody).IsRight);
    }

    [Theory]
    [InlineData("471")]
    [InlineData("47110")]
    [InlineData("４７１１")]
    [InlineData(" 4711")]
    public void NearlyRight_IsWrong(string pin) => Assert.False(new PinGate("4711", _time).Try(pin, Somebody).IsRight);

    [Fact]
    public async Task Host_AsksForThePin_AndOpensToIt()
    {
        await using var host = await LoopbackHost.StartAsync(options => options.ViewerPin = "4711");
        Assert.StartsWith("""{"type":"error","code":"P2P3101",""", await RawViewer.HelloAsync(host, null));
        Assert.StartsWith("""{"type":"error","code":"P2P3102",""", await RawViewer.HelloAsync(host, "0815"));
        Assert.StartsWith("""{"type":"welcome",""", await RawViewer.HelloAsync(host, "4711"));
        for (var i = 0; i < 3; i++)
        {
            await RawViewer.HelloAsync(host, "0815");
        }

        Assert.Contains("Try again in 5 s.", await RawViewer.HelloAsync(host, "4711"));
    }

    [Fact]
    public async Task Host_ThatTrustsLoopback_AsksNobodyOnThisMachine()
    {
        await using var host = await LoopbackHost.StartAsync(options => (options.ViewerPin, options.TrustLoopback, options.AllowBroadcasters) = ("4711", true, true));
        Assert.StartsWith("""{"type":"welcome",""", await RawViewer.HelloAsync(host, null));
    }

    [Fact]
    public async Task LinkToShare_OpensWithoutThePin_AndABrokenOneDoesNotCountAsAPin()
    {
        await using var host = await LoopbackHost.StartAsync(options => options.ViewerPin = "4711", services: services => services.AddP2PCamTokens());
        var token = host.App.Services.GetRequiredService<P2PCamTokens>().Create("default", SignalingRole.Viewer, TimeSpan.FromHours(1));
        Assert.StartsWith("""{"type":"welcome",""", await RawViewer.HelloAsync(host, token));
        Assert.StartsWith("""{"type":"welcome",""", await RawViewer.HelloAsync(host, "4711"));
        Assert.StartsWith("""{"type":"error","code":"P2P3101",""", await RawViewer.HelloAsync(host, null));
        for (var i = 0; i < 5; i++)
        {
            Assert.StartsWith("""{"type":"error","code":"P2P3106",""", await RawViewer.HelloAsync(host, token[..20]));
        }

        Assert.StartsWith("""{"type":"welcome",""", await RawViewer.HelloAsync(host, "4711"));
    }

    [Theory]
    [InlineData("123")]
    [InlineData("")]
    public async Task ImpossiblePin_FailsWhenMapped_WithoutQuotingIt(string pin)
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => LoopbackHost.StartAsync(options => options.ViewerPin = pin));
        Assert.Contains("4 to 64", error.Message);
    }
}
