namespace P2PCam;

/// <summary>A video source could not be opened or failed while it was read. Codes P2P10xx.</summary>
public sealed class VideoSourceException(string code, string message, Exception? innerException = null)
    : P2PException(code, message, innerException);
