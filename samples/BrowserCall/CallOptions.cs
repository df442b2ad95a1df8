namespace BrowserCall;

/// <summary>What the command line asked for.</summary>
internal sealed record CallOptions
{
    public int Port { get; set; } = 3200;

    public string? DataDirectory { get; set; }

    public List<string> AllowedHosts { get; } = [];

    public bool NoQrCode { get; set; }

    public bool Verbose { get; set; }

    public bool Help { get; set; }
}
