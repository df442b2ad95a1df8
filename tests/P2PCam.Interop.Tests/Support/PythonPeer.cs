using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json;
using P2PCam.TestKit.Processes;

namespace P2PCam.Interop.Tests.Support;

/// <summary>
/// A script of peers/ under the system's Python: it gets a file with the offer, and writes one JSON object per line: answer, candidate, and what it
/// has to say about itself.
/// </summary>
internal sealed class PythonPeer(string script, params string[] arguments) : IAsyncDisposable
{
    public const string Python = "/usr/bin/python3";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly string _offerFile = Path.GetTempFileName();
    private ChildProcess? _process;

    public string Output => _process?.Output.Tail() ?? "";

    /// <summary>Starts the peer with this offer and hands on what it says.</summary>
    public async Task AnswerAsync(string offer, Action<SignalingMessage> tell)
    {
        await File.WriteAllTextAsync(_offerFile, offer);
        _process = ChildProcess.Start(Python, ["-u", Path.Combine(AppContext.BaseDirectory, "peers", script), _offerFile, .. arguments]);
        var line = await _process.WaitForLineAsync(each => each.StartsWith("{\"answer\"", StringComparison.Ordinal), Limit);
        using var json = JsonDocument.Parse(line);
        tell(new AnswerMessage(json.RootElement.GetProperty("answer").GetString()!));
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        File.Delete(_offerFile);
    }
}

/// <summary>A test against a Python peer: skipped, with the reason, where a module is missing or there is no address but loopback, which such peers leave out.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonTheoryAttribute : TheoryAttribute
{
    /// <param name="import">What the peer imports, as Python statements.</param>
    public PythonTheoryAttribute(string import)
    {
        Import = import;
        Skip = Reason(import);
    }

    public string Import { get; }

    private static string? Reason(string import)
    {
        if (!File.Exists(PythonPeer.Python))
        {
            return $"{PythonPeer.Python} is missing; ./test.sh installs it from Debian's packages.";
        }

        if (!NetworkInterface.GetAllNetworkInterfaces().Any(HasAddress))
        {
            return "This machine has no network address but loopback.";
        }

        try
        {
            Tool.Run(PythonPeer.Python, "-c", import);
            return null;
        }
        catch (InvalidOperationException)
        {
            return $"'{import}' fails under {PythonPeer.Python}; ./test.sh installs the modules from Debian's packages.";
        }
    }

    private static bool HasAddress(NetworkInterface card) =>
        card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback
        && card.GetIPProperties().UnicastAddresses.Any(address => address.Address.AddressFamily == AddressFamily.InterNetwork);
}
