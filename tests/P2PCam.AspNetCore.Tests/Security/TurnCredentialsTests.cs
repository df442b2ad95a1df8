using System.Text.Json;

namespace P2PCam.AspNetCore.Tests.Security;

public class TurnCredentialsTests
{
    [Fact]
    public void Create_GivesWhatOpenSslComputes()
    {
        // printf 1433895918:alice | openssl dgst -sha1 -hmac north -binary | base64
        var credentials = TurnCredentials.Create("north", DateTimeOffset.FromUnixTimeSeconds(1433895918), "alice");
        Assert.Equal(("1433895918:alice", "RqMvcGPYTJMGThVLSi4amT4zFtI="), (credentials.Username, credentials.Credential));
    }

    [Fact]
    public void Create_IdWithColon_IsRefused() => Assert.Throws<ArgumentException>(() => TurnCredentials.Create("north", DateTimeOffset.UnixEpoch, "a:b"));

    [Fact]
    public async Task Welcome_BringsEachParticipantCredentialsOfItsOwn()
    {
        var time = new ManualTime(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
        await using var host = await LoopbackHost.StartAsync(
            options =>
            {
                options.IceServers.Add(new IceServer(["stun:stun.example.org:3478"]));
                options.AddTurnServer("turn:turn.example.org:3478", "north", TimeSpan.FromMinutes(10));
            },
            time);
        var first = Servers(await RawViewer.HelloAsync(host, null));
        var second = Servers(await RawViewer.HelloAsync(host, null));
        Assert.Equal("stun:stun.example.org:3478", first[0].GetProperty("urls")[0].GetString());
        Assert.False(first[0].TryGetProperty("credential", out _));
        var name = first[1].GetProperty("username").GetString()!;
        Assert.StartsWith("1800000600:", name);
        Assert.Equal(TurnCredentials.Create("north", DateTimeOffset.FromUnixTimeSeconds(1_800_000_600), name.Split(':')[1]).Credential, first[1].GetProperty("credential").GetString());
        Assert.NotEqual(name, second[1].GetProperty("username").GetString());

        static List<JsonElement> Servers(string? welcome) => [.. JsonDocument.Parse(welcome!).RootElement.GetProperty("iceServers").EnumerateArray()];
    }

    [Fact]
    public async Task WithoutServers_WelcomeIsAsBefore()
    {
        await using var host = await LoopbackHost.StartAsync();
        Assert.DoesNotContain("iceServers", await RawViewer.HelloAsync(host, null));
    }

    [Theory]
    [InlineData("stun:x", "s", 600)]
    [InlineData("turn:x", "", 600)]
    [InlineData("turn:x", "s", 59)]
    [InlineData("turn:x", "s", 172_801)]
    public void AddTurnServer_Impossible_IsRefusedAtOnce(string uri, string secret, int seconds) =>
        Assert.ThrowsAny<ArgumentException>(() => new P2PCamEndpointOptions().AddTurnServer(uri, secret, TimeSpan.FromSeconds(seconds)));
}
