using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using P2PCam.TestKit;
using P2PCam.TestKit.Processes;

namespace P2PCam.AspNetCore.Tests.Security;

/// <summary>Credentials of a welcome against the TURN server that defined the scheme, on loopback.</summary>
public class CoturnTests
{
    private const string Secret = "north of the wall";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [ToolFact("turnserver,turnutils_uclient")]
    public async Task CredentialsOfAWelcome_OpenARelay_AndNothingElseDoes()
    {
        using var folder = new TemporaryFolder();
        var port = FreeUdpPort();
        await using var server = await StartServerAsync(port, folder);
        await using var host = await LoopbackHost.StartAsync(options => options.AddTurnServer($"turn:127.0.0.1:{port}", Secret));
        using var welcome = JsonDocument.Parse((await RawViewer.HelloAsync(host, null))!);
        var given = welcome.RootElement.GetProperty("iceServers")[0];
        var (username, credential) = (given.GetProperty("username").GetString()!, given.GetProperty("credential").GetString()!);

        Assert.Contains("tot_send_msgs=4, tot_recv_msgs=4", await RelayAsync(port, username, credential));

        var expired = TurnCredentials.Create(Secret, DateTimeOffset.UtcNow.AddMinutes(-1), "x");
        Assert.Contains("Cannot complete Allocation", await RelayAsync(port, expired.Username, expired.Credential));
        var forged = TurnCredentials.Create("south", DateTimeOffset.UtcNow.AddMinutes(10), "x");
        Assert.Contains("Cannot complete Allocation", await RelayAsync(port, forged.Username, forged.Credential));

        // Nobody can make the time longer.
        var extended = $"{DateTimeOffset.UtcNow.AddDays(365).ToUnixTimeSeconds()}:{username.Split(':')[1]}";
        Assert.Contains("Cannot complete Allocation", await RelayAsync(port, extended, credential));
    }

    private static async Task<ChildProcess> StartServerAsync(int port, TemporaryFolder folder)
    {
        var server = ChildProcess.Start("turnserver",
        [
            "-n", "--use-auth-secret", $"--static-auth-secret={Secret}", "--realm=p2pcam.test", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1",
            $"--listening-port={port}", "--allow-loopback-peers", "--no-tls", "--no-dtls", "--no-cli", "--log-file=stdout", "--simple-log",
            $"--pidfile={folder["pid"]}", $"--userdb={folder["db"]}",
        ]);
        await WhenAnsweringAsync(port, server);
        return server;
    }

    // What it writes comes late when nobody looks, so ask: a binding request (RFC 8489 section 2) until there is an answer.
    private static async Task WhenAnsweringAsync(int port, ChildProcess server)
    {
        byte[] request = [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, .. "P2PCamTest12"u8];
        using var socket = new UdpClient(AddressFamily.InterNetwork);
        socket.Connect(IPAddress.Loopback, port);
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            Assert.False(server.HasExited, server.Output.Tail());
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
            patience.CancelAfter(TimeSpan.FromMilliseconds(200));
            try
            {
                await socket.SendAsync(request, limit.Token);
                await socket.ReceiveAsync(patience.Token);
                return;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException && !limit.IsCancellationRequested)
            {
                // Not yet.
            }
        }
    }

    /// <summary>Two clients relay two messages each to one another; gives what the tool says.</summary>
    private static async Task<string> RelayAsync(int port, string username, string credential)
    {
        await using var client = ChildProcess.Start("turnutils_uclient", ["-y", "-c", "-n", "2", "-m", "1", "-u", username, "-w", credential, "-p", $"{port}", "127.0.0.1"]);
        await client.WaitForExitAsync(Limit);
        return client.Output.Tail();
    }

    private static int FreeUdpPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
