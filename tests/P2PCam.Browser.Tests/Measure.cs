namespace P2PCam.Browser.Tests;

/// <summary>Whether <c>./test.sh --measure</c> asks for the long versions, whose figures the documentation quotes.</summary>
internal static class Measure
{
    public static bool Enabled { get; } = Environment.GetEnvironmentVariable("P2PCAM_MEASURE") == "1";
}
