namespace P2PCam;

/// <summary>Signaling could not be set up or broke. Codes P2P20xx.</summary>
public sealed class SignalingException(string code, string message, Exception? innerException = null) : P2PException(code, message, innerException);
