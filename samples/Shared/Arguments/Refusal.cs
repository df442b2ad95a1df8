namespace Samples;

/// <summary>What the library says of a value that it was given, without what it adds for programmers.</summary>
internal static class Refusal
{
    public static string Words(ArgumentException refusal) => refusal.Message.Split('\n')[0].Split(" (Parameter '")[0].TrimEnd();
}
