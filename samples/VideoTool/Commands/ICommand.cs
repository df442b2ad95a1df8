namespace VideoTool.Commands;

/// <summary>One of the commands, with its files and options.</summary>
internal interface ICommand
{
    /// <summary>Does it, and gives the exit code.</summary>
    int Run(CancellationToken cancellationToken);
}
