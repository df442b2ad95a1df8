namespace VideoTool;

internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>A file is damaged, cut off, or of a kind that is not read.</summary>
    public const int BadFile = 1;

    /// <summary>An option is wrong, or a file is not there or cannot be written.</summary>
    public const int WrongUse = 2;

    /// <summary>Ctrl+C: what was written until then is a whole file.</summary>
    public const int Interrupted = 3;
}
