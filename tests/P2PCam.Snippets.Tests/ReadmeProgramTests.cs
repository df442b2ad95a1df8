using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using P2PCam.TestKit.Pictures;
using P2PCam.TestKit.Processes;

namespace P2PCam.Snippets.Tests;

/// <summary>The first program in the README, as it stands there: compiled, started, watched from .NET, ended by Ctrl+C.</summary>
public class ReadmeProgramTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [FreePortFact(3000)]
    public async Task FirstProgramInTheReadme_ShowsAMovingPictureAndEnds()
    {
        var home = Directory.CreateTempSubdirectory("p2pcam-readme-");
        try
        {
            var program = Compile();
            await using var process = Start(program, home.FullName);
            await process.WaitForLineAsync(line => line.Contains("Application started", StringComparison.Ordinal), Limit);

            var numbers = await WatchAsync(await FingerprintAsync(home.FullName));
            Assert.Equal(10, numbers.Count);
            Assert.Equal(numbers.Distinct().Order(), numbers);

            process.SendInterrupt();
            Assert.True(await process.WaitForExitAsync(Limit) == 0, process.Output.Tail());
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    private static string Compile()
    {
        var snippet = Snippet.ReadAll().First(candidate => candidate.Page == "README.md" && candidate.IsCSharp);
        var compilation = SnippetCompiler.Compile("Readme", snippet.Code, withPlaceholders: false);
        Assert.Empty(SnippetCompiler.Complaints(compilation));
        // Beside the assemblies that it references.
        var file = Path.Combine(AppContext.BaseDirectory, "Readme.dll");
        using var output = File.Create(file);
        Assert.True(compilation.Emit(output).Success);
        return file;
    }

    // The test's own list of dependencies serves the program too: it references the same assemblies.
    private static ChildProcess Start(string program, string home)
    {
        var own = Path.Combine(AppContext.BaseDirectory, "P2PCam.Snippets.Tests");
        return ChildProcess.Start(
            "dotnet",
            ["exec", "--runtimeconfig", own + ".runtimeconfig.json", "--depsfile", own + ".deps.json", program],
            new Dictionary<string, string> { ["HOME"] = home, ["XDG_DATA_HOME"] = home });
    }

    private static async Task<string> FingerprintAsync(string home)
    {
        var file = Directory.GetFiles(home, "certificate.pem", SearchOption.AllDirectories).Single();
        using var certificate = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(file));
        return certificate.GetCertHashString(HashAlgorithmName.SHA256);
    }

    private static async Task<List<int>> WatchAsync(string certificate)
    {
        await using var viewer = Viewer.Create(new WebSocketSignalingTransport(new Uri("wss://localhost:3000/signal"), o => o.ServerCertificateSha256 = certificate));
        using var limit = new CancellationTokenSource(Limit);
        await viewer.ConnectAsync(limit.Token);
        var numbers = new List<int>();
        await foreach (var frame in viewer.ReadFramesAsync(limit.Token))
        {
            using (frame)
            {
                if (CodeStripReader.Read(frame.GetPlane(0), frame.GetStride(0), frame.Width, frame.Height) is { } number)
                {
                    numbers.Add(number);
                }
            }

            if (numbers.Count == 10)
            {
                break;
            }
        }

        return numbers;
    }
}

/// <summary>A test of a program that listens on a certain port: skipped where something else has it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FreePortFactAttribute : FactAttribute
{
    public FreePortFactAttribute(int port)
    {
        Port = port;
        try
        {
            using var tcp = new TcpListener(IPAddress.IPv6Any, port);
            tcp.Start();
            using var udp = new UdpClient(port, AddressFamily.InterNetworkV6);
        }
        catch (SocketException)
        {
            Skip = $"Port {port} is in use on this machine.";
        }
    }

    public int Port { get; }
}
