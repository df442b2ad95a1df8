using System.Globalization;
using P2PCam.SignalingConformance;
using P2PCam.TestKit;
using P2PCam.TestKit.Processes;

namespace P2PCam.SignalR.Tests;

/// <summary>The sample as a user runs it.</summary>
public sealed class RendezvousProgramTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("p2pcam-rendezvous-");

    private string KeyFile => Path.Combine(_folder.FullName, "tokens.key");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Open_TwoMeet_HealthAnswers_InterruptEndsItWith0()
    {
        await using var server = Start("--port", "0", "--open");
        var port = await ReadPortAsync(server);
        await server.WaitForLineAsync(line => line.StartsWith("WARNING: whoever reaches this port may broadcast", StringComparison.Ordinal), Limit);
        using var client = new HttpClient();
        Assert.Equal("Healthy", (await client.GetStringAsync(new Uri($"http://localhost:{port}/healthz"))).Trim());

        await using (var broadcaster = await JoinAsync(port, SignalingRole.Broadcaster, null))
        await using (var viewer = await JoinAsync(port, SignalingRole.Viewer, null))
        {
            await viewer.SendAsync(new OfferMessage("an offer"));
            Assert.Equal("an offer", (await broadcaster.FindAsync<OfferMessage>()).Sdp);
            await broadcaster.SendAsync(new AnswerMessage("an answer") { Peer = viewer.Id });
            Assert.Equal("an answer", (await viewer.FindAsync<AnswerMessage>()).Sdp);
        }

        server.SendInterrupt();
        Assert.Equal(0, await server.WaitForExitAsync(Limit));
        await server.WaitForLineAsync(line => line == "Goodbye.", Limit);
    }

    [Fact]
    public async Task TokenKey_LetsInWhoHasAToken_AndNobodyElse()
    {
        var (camera, link) = await MakeTokensAsync();
        await using var server = Start("--port", "0", "--token-key", KeyFile);
        var port = await ReadPortAsync(server);
        foreach (var role in new[] { SignalingRole.Broadcaster, SignalingRole.Viewer })
        {
            Assert.StartsWith("P2P31", (await Assert.ThrowsAsync<SignalingException>(() => JoinAsync(port, role, null))).Code, StringComparison.Ordinal);
        }

        Assert.StartsWith("https://meet.example.org/s/workshop#token=", link, StringComparison.Ordinal);
        var forViewers = link.Split("#token=")[1];
        Assert.Equal("P2P3108", (await Assert.ThrowsAsync<SignalingException>(() => JoinAsync(port, SignalingRole.Broadcaster, forViewers))).Code);
        await using var broadcaster = await JoinAsync(port, SignalingRole.Broadcaster, camera);
        await using var viewer = await JoinAsync(port, SignalingRole.Viewer, forViewers);
        Assert.Equal(viewer.Id, (await broadcaster.FindAsync<PeerJoinedMessage>()).Peer);
        Assert.DoesNotContain(server.Output.All, line => line.Contains("WARNING", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TokenKey_IsMadeForItsOwnerOnly_AndRefusedWhenOthersCanReadIt()
    {
        await MakeTokensAsync();
        Assert.Equal(64, (await File.ReadAllTextAsync(KeyFile)).Trim().Length);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        await using var server = Start("--port", "0", "--token-key", KeyFile);
        Assert.Equal(1, await server.WaitForExitAsync(Limit));
        await server.WaitForLineAsync(line => line.Contains("chmod 600", StringComparison.Ordinal), Limit);
    }

    [Theory]
    [InlineData("--open and --token-key", "--open", "--token-key", "x.key")]
    [InlineData("--for 3", "token", "--token-key", "x.key", "--for", "3")]
    [InlineData("name the server's key", "token")]
    public async Task WrongArguments_AreOneLineAndExitCode1(string about, params string[] arguments)
    {
        await using var program = Start([.. arguments.Select(argument => argument == "x.key" ? KeyFile : argument)]);
        Assert.Equal(1, await program.WaitForExitAsync(Limit));
        Assert.Contains(about[..6], Assert.Single(program.Output.All), StringComparison.Ordinal);
    }

    internal static ChildProcess Start(params string[] arguments)
    {
        var file = Path.Combine(Repository.Root, "samples", "Rendezvous", "bin", Configuration, "net10.0", "Rendezvous.dll");
        Assert.True(File.Exists(file), $"The sample is not built: {file}");
        return ChildProcess.Start("dotnet", [file, .. arguments]);
    }

    internal static async Task<int> ReadPortAsync(ChildProcess server)
    {
        var line = await server.WaitForLineAsync(line => line.StartsWith("Rendezvous is ready on port ", StringComparison.Ordinal), Limit);
        return int.Parse(line.Split(' ')[5].TrimEnd('.', ','), CultureInfo.InvariantCulture);
    }

    private static async Task<Participant> JoinAsync(int port, SignalingRole role, string? token)
    {
        var transport = new WebSocketSignalingTransport(new Uri($"ws://localhost:{port}/signal"));
        await transport.ConnectAsync(new SignalingJoin("workshop", role, token));
        var participant = new Participant(transport);
        await participant.NextAsync<WelcomeMessage>();
        return participant;
    }

    private async Task<(string Camera, string Link)> MakeTokensAsync()
    {
        await using var program = Start("token", "--token-key", KeyFile, "--stream", "workshop", "--for", "1h", "--server", "https://meet.example.org");
        var camera = await program.WaitForLineAsync(line => line.StartsWith("Camera ", StringComparison.Ordinal), Limit);
        var link = await program.WaitForLineAsync(line => line.StartsWith("Viewers ", StringComparison.Ordinal), Limit);
        Assert.Equal(0, await program.WaitForExitAsync(Limit));
        return (camera.Split(' ')[^1], link.Split(' ')[^1]);
    }

#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif
}
