using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.CodeAnalysis.CSharp;
using P2PCam.TestKit.Packages;

namespace P2PCam.Snippets.Tests;

/// <summary>
/// The projects that pages tell their readers to make, each made once: from the SDK's template, against the packed packages.
/// </summary>
public sealed class FreshProjects : IAsyncLifetime
{
    private readonly ConcurrentDictionary<Setup, Lazy<Task<SnippetCompiler>>> _compilers = new();

    /// <summary>The packages.</summary>
    public LocalFeed Feed { get; } = new();

    public Task InitializeAsync() => Feed.InitializeAsync();

    public Task DisposeAsync() => Feed.DisposeAsync();

    internal Task<SnippetCompiler> CompilerAsync(Setup setup) => _compilers.GetOrAdd(setup, _ => new(() => PrepareAsync(setup))).Value;

    // Asks the project itself what it gives the compiler: references, the template's usings, options. Then the compiler runs here, many
    // times in one process.
    private async Task<SnippetCompiler> PrepareAsync(Setup setup)
    {
        using var project = await UserProject.CreateAsync(Feed, setup.Template, "Fresh");
        project.AddPackages(setup.Packages.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        await DotNet.RunAsync(project.Folder, "restore", "-v", "quiet");
        var result = Path.Combine(project.Folder, "arguments.json");
        await DotNet.RunAsync(project.Folder, "msbuild", "-t:Compile", "-p:ProvideCommandLineArgs=true", "-p:SkipCompilerExecution=true",
            "-getItem:CscCommandLineArgs", "-getResultOutputFile:" + result);
        using var items = JsonDocument.Parse(await File.ReadAllTextAsync(result));
        var arguments = items.RootElement.GetProperty("Items").GetProperty("CscCommandLineArgs").EnumerateArray()
            .Select(item => item.GetProperty("Identity").GetString()!);
        return new SnippetCompiler(CSharpCommandLineParser.Default.Parse(arguments, project.Folder, sdkDirectory: null));
    }
}

[CollectionDefinition(Name)]
public sealed class PackedOnce : ICollectionFixture<FreshProjects>
{
    public const string Name = "packed once";
}
