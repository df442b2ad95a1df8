namespace P2PCam.TestKit;

/// <summary>Where things lie in the checkout that the tests run from.</summary>
public static class Repository
{
    /// <summary>The folder that holds P2PCam.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The test data beside the checkout, or where P2PCAM_VECTORS points; null when it is missing.</summary>
    public static string? Vectors { get; } = FindVectors();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "P2PCam.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No P2PCam.sln in any folder above {AppContext.BaseDirectory}.");
    }

    private static string? FindVectors()
    {
        var path = Environment.GetEnvironmentVariable("P2PCAM_VECTORS") ?? Path.Combine(Root, "..", "shared", "vectors");
        return Directory.Exists(path) ? Path.GetFullPath(path) : null;
    }
}
