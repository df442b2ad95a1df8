using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace P2PCam.AspNetCore.Tests.Security;

public class SecretsInLogsTests
{
    [Fact]
    public async Task TokensPinsAndTurnCredentials_AppearInNoLogAtAnyLevel()
    {
        const string Pin = "90210445";
        const string TurnSecret = "CANARY-TURN-SECRET";
        var key = P2PCamTokens.CreateKey();
        await using var host = await LoopbackHost.StartAsync(
            options =>
            {
                options.ViewerPin = Pin;
                options.AddTurnServer("turn:turn.example.org", TurnSecret);
                options.IceServers.Add(new IceServer(["turn:fixed.example.org"], "CANARY-USER", "CANARY-FIXED"));
            },
            services: services => services.AddP2PCamTokens(options => options.Keys.Add(key)));
        var tokens = host.App.Services.GetRequiredService<P2PCamTokens>();
        var good = tokens.Create("default", SignalingRole.Viewer, TimeSpan.FromHours(1));
        var other = tokens.Create("garden", SignalingRole.Viewer, TimeSpan.FromHours(1));

        var welcome = await RawViewer.HelloAsync(host, good);
        Assert.StartsWith("""{"type":"welcome",""", welcome);
        var credentials = JsonDocument.Parse(welcome!).RootElement.GetProperty("iceServers").EnumerateArray().Select(server => server.GetProperty("credential").GetString()!).ToArray();
        Assert.Equal(2, credentials.Length);
        await RawViewer.HelloAsync(host, Pin);
        foreach (var wrong in new[] { other, good[..^4], "CANARY-WRONG-PIN", "p2pcam_CANARYCANARY" })
        {
            Assert.StartsWith("""{"type":"error",""", await RawViewer.HelloAsync(host, wrong));
        }

        // Where no hello was expected or possible.
        using (var viewer = new RawViewer(await host.OpenAsync()))
        {
            await viewer.SendAsync($$"""{"type":"hello","stream":"default","role":"Viewer","token":"{{good}}",,}""");
            await viewer.SendAsync($$"""{"type":"hello","stream":"../{{Pin}}","role":"Viewer","token":"{{good}}"}""");
            while (await viewer.ReadAsync() is not null)
            {
            }
        }

        var logs = host.Logs.AllText;
        Assert.Contains("P2P3102", logs); // logs are collected, and refusals are in them
        Assert.All(
            [Pin, TurnSecret, "CANARY", good, good["p2pcam_".Length..], other, Convert.ToBase64String(key), Convert.ToHexString(key), .. credentials],
            secret => Assert.DoesNotContain(secret, logs, StringComparison.OrdinalIgnoreCase));
    }
}
