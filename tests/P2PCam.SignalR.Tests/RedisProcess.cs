using System.Net;
using System.Net.Sockets;
using P2PCam.SignalingConformance;
using P2PCam.TestKit;
using P2PCam.TestKit.Processes;

namespace P2PCam.SignalR.Tests;

/// <summary>A Redis of the tests' own, on a free loopback port and in a temporary folder.</summary>
public sealed class RedisProcess : IAsyncLifetime
{
    private const string Program = "redis-server";
    private readonly string _folder = Directory.CreateTempSubdirectory("p2pcam-redis-").FullName;
    private ChildProcess? _process;

    public string Address { get; private set; } = "";

    /// <summary>Why there can be none here; null if there can.</summary>
    public static string? MissingReason { get; } = new ToolFactAttribute(Program).Skip;

    public async Task InitializeAsync()
    {
        if (MissingReason is not null)
        {
            return;
        }

        var port = FreePort();
        Address = $"127.0.0.1:{port}";
        _process = ChildProcess.Start(Program, ["--port", $"{port}", "--bind", "127.0.0.1", "--dir", _folder, "--save", "", "--appendonly", "no"]);
        await _process.WaitForLineAsync(line => line.Contains("Ready to accept connections", StringComparison.Ordinal), TimeSpan.FromMinutes(1));
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>The conformance cases of this class are skipped where there is no Redis.</summary>
public sealed class NeedsRedisAttribute : NeedsAttribute
{
    public override string? MissingReason => RedisProcess.MissingReason;
}

/// <summary>A test of its own that needs Redis.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RedisFactAttribute : FactAttribute
{
    public RedisFactAttribute() => Skip = RedisProcess.MissingReason;
}
