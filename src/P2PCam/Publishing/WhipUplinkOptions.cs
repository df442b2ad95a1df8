namespace P2PCam;

/// <summary>How a <see cref="WhipUplink"/> reaches its server. Ranges are checked when it is made.</summary>
public sealed class WhipUplinkOptions
{
    /// <summary>Gives the Bearer token that the server asks for, fresh at each attempt; null sends none.</summary>
    public Func<CancellationToken, ValueTask<string?>>? AccessTokenProvider { get; set; }

    /// <summary>SHA-256 of the server's certificate (or of the CA that signed it) as hex, with or without colons; null trusts the system's authorities only.</summary>
    public string? ServerCertificateSha256 { get; set; }

    /// <summary>How long an HTTP request may take, 1 to 120 s. Default 15 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the media path may take once the server has answered, 1 to 120 s. Default 15 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The wait before the second attempt, 0.1 to 60 s; it doubles with each that fails. Default 1 s.</summary>
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between attempts, 0.1 to 3600 s; a server that names a longer one has it its way. Default 30 s.</summary>
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromSeconds(30);

    internal void Validate()
    {
        Check(RequestTimeout, 1, 120, nameof(RequestTimeout));
        Check(ConnectTimeout, 1, 120, nameof(ConnectTimeout));
        Check(FirstRetry, 0.1, 60, nameof(FirstRetry));
        Check(LongestRetry, 0.1, 3600, nameof(LongestRetry));
    }

    private static void Check(TimeSpan value, double least, double most, string name)
    {
        if (!(value.TotalSeconds >= least && value.TotalSeconds <= most))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} may be {least} to {most} s.");
        }
    }
}
