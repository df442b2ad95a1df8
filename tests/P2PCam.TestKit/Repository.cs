namespace P2PCam.TestKit;

/// <summary>Where things lie in the checkout that the tests run from.</summary>
public static class Repository
{
    /// <summary>The folder that holds P2PCam.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The test data beside the checkout, or where P2PCAM_VECTORS points; null when it is missing.</summary>
    public static string? Vectors { get; } = FindBeside("vectors", "P2PCAM_VECTORS");

    /// <summary>Inputs from the field, beside the checkout or where P2PCAM_CASES points; null when they are missing.</summary>
    public static string? Cases { get; } = FindBeside("cases", "P2PCAM_CASES");

    /// <summary>The path of one input from the field, such as "sdp/offer-whip-bundle-only-jsep.sdp". Only for tests that are skipped without them.</summary>
    public static string Case(string name) => Path.Combine(Cases ?? throw new InvalidOperationException(CasesFactAttribute.CasesMissing), name);

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

    private static string? FindBeside(string folder, string variable)
    {
        var path = Environment.GetEnvironmentVariable(variable) ?? Path.Combine(Root, "..", "shared", folder);
        return Directory.Exists(path) ? Path.GetFullPath(path) : null;
    }
}
