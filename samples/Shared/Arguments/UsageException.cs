namespace Samples;

/// <summary>The command line asks for something impossible; the message is one line for the person who wrote it.</summary>
internal sealed class UsageException(string message) : Exception(message);
