namespace VideoTool.Containers;

/// <summary>A file is not what it should be; the message is one line for the person whose file it is.</summary>
internal sealed class VideoFileException(string message) : Exception(message);
