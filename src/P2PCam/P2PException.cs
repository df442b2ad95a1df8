namespace P2PCam;

/// <summary>An error of this library: a stable code (see docs/errors.md), what happened, why, and what to do next.</summary>
public class P2PException : Exception
{
    /// <summary>Makes an error with its code, for example <c>P2P1001</c>.</summary>
    public P2PException(string code, string message, Exception? innerException = null)
        : base($"{code}: {message}", innerException)
    {
        (Code, Words) = (code, message);
    }

    /// <summary>The stable code.</summary>
    public string Code { get; }

    /// <summary>The message without the code, for where that has a field of its own.</summary>
    internal string Words { get; }
}
