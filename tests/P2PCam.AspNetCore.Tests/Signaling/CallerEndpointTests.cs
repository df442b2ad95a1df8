namespace P2PCam.AspNetCore.Tests.Signaling;

public class CallerEndpointTests
{
    [Fact]
    public async Task AllowCallers_LetsTwoCallEachOther_AndTellsAThirdWhyNot()
    {
        await using var host = await LoopbackHost.StartAsync(options => options.AllowCallers = true);
        using var first = await JoinAsync(host);
        using var second = await JoinAsync(host);

        Assert.StartsWith("""{"type":"peer-joined",""", await first.ReadAsync());
        await first.SendAsync("""{"type":"offer","sdp":"v=0"}""");
        Assert.Equal("""{"type":"offer","sdp":"v=0"}""", await second.ReadAsync());
        await second.SendAsync("""{"type":"answer","sdp":"v=1"}""");
        Assert.Equal("""{"type":"answer","sdp":"v=1"}""", await first.ReadAsync());

        var refusal = await RawViewer.HelloAsync(host, token: null, role: "Caller");
        Assert.StartsWith("""{"type":"error","code":"P2P2012","message":"Two are in the call""", refusal);
    }

    private static async Task<RawViewer> JoinAsync(LoopbackHost host)
    {
        var caller = new RawViewer(await host.OpenAsync());
        await caller.SendAsync("""{"type":"hello","stream":"default","role":"Caller","version":1}""");
        Assert.StartsWith("""{"type":"welcome",""", await caller.ReadAsync());
        return caller;
    }
}
