namespace P2PCam;

/// <summary>An error of this library: a stable code (see docs/errors.md), what happened, why, and what to do next.</summary>
public class P2PException : Exception
{
    /// <summary>Makes an error with its code, for example <c>P2P1001</c>.</summary>
    public P2PException(string code, string message, Exception? innerException = null)
        : base($"{code}: {message}", innerException)
    {
        Code = code;
    }

    /// <summary>The stable code.</summary>
    public string Code { get; }
}
