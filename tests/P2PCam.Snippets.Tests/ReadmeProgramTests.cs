using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using P2PCam.TestKit.Packages;
using P2PCam.TestKit.Pictures;
using P2PCam.TestKit.Processes;

namespace P2PCam.Snippets.Tests;

/// <summary>
/// The first program in the README, as it stands there: made by the README's commands, built, started, watched from .NET, ended by Ctrl+C.
/// </summary>
[Collection(PackedOnce.Name)]
public class ReadmeProgramTests(FreshProjects projects)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [FreePortFact(3000)]
    public async Task FirstProgramInTheReadme_ShowsAMovingPictureAndEnds()
    {
        var home = Directory.CreateTempSubdirectory("p2pcam-readme-");
        try
        {
            using var project = await BuildAsync(projects.Feed);
            await using var process = Start(project, home.FullName);
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

    // Literally what the README says: its commands, its file, and nothing else.
    private static async Task<UserProject> BuildAsync(LocalFeed feed)
    {
        var page = Snippet.ReadAll().Where(block => block.Page == "README.md").ToList();
        var program = page.First(block => block.IsCSharp);
        var setup = Setup.Of(program, page)!;
        var project = await UserProject.CreateAsync(feed, setup.Template, "Readme");
        foreach (var package in setup.Packages.Split(' '))
        {
            await project.AddPackageAsync(package);
        }

        await project.WriteAsync("Program.cs", program.Code);
        await DotNet.RunAsync(project.Folder, "build", "-warnaserror", "-o", "built");
        return project;
    }

    private static ChildProcess Start(UserProject project, string home) => ChildProcess.Start(
        "dotnet",
        [Path.Combine(project.Folder, "built", "Readme.dll")],
        new Dictionary<string, string> { ["HOME"] = home, ["XDG_DATA_HOME"] = home });

    private static async Task<string> FingerprintAsync(string home)
    {
        var file = Directory.GetFiles(home, "certificate.pem", SearchOption.AllDirectories).Single();
        using var certificate = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(file));
        return certificate.GetCertHashString(HashAlgorithmName.SHA256);
    }

    private static async Task<List<int>> WatchAsync(string certificate)
    {
        await using var viewer = Viewer.Create(new WebSocketSignalingTransport(new Uri("wss://localhost:3000/signal"), o =>
            o.ServerCertificateSha256 = certificate));
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
