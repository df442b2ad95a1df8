namespace Samples;

/// <summary>Colours for terminals that want them; plain text for files, pipes and NO_COLOR (https://no-color.org).</summary>
internal static class Paint
{
    public static bool IsTerminal { get; } = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public static bool HasColor { get; } = IsTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public static string Bold(string text) => Wrap(text, "1");

    public static string Soft(string text) => Wrap(text, "2");

    public static string Link(string text) => Wrap(text, "1;36");

    public static string Good(string text) => Wrap(text, "32");

    public static string Bad(string text) => Wrap(text, "31");

    public static string BlackOnWhite(string text) => Wrap(text, "30;107");

    private static string Wrap(string text, string code) => HasColor ? $"\e[{code}m{text}\e[0m" : text;
}
