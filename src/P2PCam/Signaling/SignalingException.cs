namespace P2PCam;

/// <summary>Signaling could not be set up or broke. Codes P2P20xx, and what the host says when it refuses.</summary>
public sealed class SignalingException(string code, string message, Exception? innerException = null) : P2PException(code, message, innerException)
{
    /// <summary>Whether the host answered and said no: trying again the same way is no use.</summary>
    internal bool IsRefusal { get; init; }
}
