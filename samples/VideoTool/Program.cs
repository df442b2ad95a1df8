using System.Text;
using VideoTool;
using VideoTool.Containers;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
using var interrupt = new Interrupt();
try
{
    return CommandLine.Parse(args) is { } command ? command.Run(interrupt.Token) : CommandLine.ShowHelp();
}
catch (UsageException e)
{
    return Fail(ExitCode.WrongUse, e.Message);
}
catch (VideoFileException e)
{
    return Fail(ExitCode.BadFile, e.Message);
}
catch (IOException e)
{
    // A full disk, a pipe that nobody reads any more.
    return Fail(ExitCode.WrongUse, e.Message);
}

static int Fail(int exitCode, string words)
{
    Console.Error.WriteLine($"VideoTool: {words}");
    return exitCode;
}
