using P2PCam.TestKit.Packages;
using P2PCam.TestKit.Pictures;
using P2PCam.TestKit.Processes;

namespace P2PCam.Packaging.Tests;

/// <summary>
/// The packages as their users meet them: added to a fresh project, built, published with Native AOT, run, and the received picture judged.
/// </summary>
[Collection(PackedOnce.Name)]
[Trait("Category", "Packaging")]
public class InstallationTests(LocalFeed feed)
{
    private const int Width = 640;
    private const int Height = 360;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task FreshProject_AddPackage_Run_AMovingPictureIsReceived()
    {
        using var project = await CreateAsync();
        await DotNet.RunAsync(project.Folder, "build", "-c", "Release", "-warnaserror", "-o", "built");

        await JudgeAsync(project, "dotnet", Path.Combine(project.Folder, "built", "Camera.dll"));
    }

    [AotFact]
    public async Task PublishedWithNativeAot_RunsWithoutDotNet_AMovingPictureIsReceived()
    {
        using var project = await CreateAsync();
        var output = await DotNet.RunAsync(project.Folder, "publish", "-c", "Release", "-r", AotFactAttribute.RuntimeIdentifier,
            "-p:PublishAot=true", "-p:TrimmerSingleWarn=false", "-o", "published");

        Assert.DoesNotContain(output.Split('\n'), line => line.Contains("warning", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(Directory.GetFiles(Path.Combine(project.Folder, "published"), "*.dll"));
        await JudgeAsync(project, Path.Combine(project.Folder, "published", "Camera"));
    }

    private async Task<UserProject> CreateAsync()
    {
        var project = await UserProject.CreateAsync(feed, "console");
        await project.AddPackageAsync("P2PCam");
        await project.AddPackageAsync("Microsoft.Extensions.Hosting");
        await project.WriteAsync("Program.cs",
            await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Program", "CameraAndViewer.txt")));
        return project;
    }

    private static async Task JudgeAsync(UserProject project, string file, params string[] arguments)
    {
        var recording = Path.Combine(project.Folder, "received.luma");
        await using var process = ChildProcess.Start(file, [.. arguments, recording]);
        Assert.True(await process.WaitForExitAsync(Limit) == 0, process.Output.Tail());

        var luma = await File.ReadAllBytesAsync(recording);
        Assert.Equal(20, process.Output.Count(line => line == $"picture {Width}x{Height}"));
        Assert.Equal(20 * Width * Height, luma.Length);
        var numbers = luma.Chunk(Width * Height).Select(picture => CodeStripReader.Read(picture, Width, Width, Height) ?? -1).ToList();
        Assert.DoesNotContain(-1, numbers);
        Assert.Equal(numbers.Distinct().Order(), numbers);
    }
}
