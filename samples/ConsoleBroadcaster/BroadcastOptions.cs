namespace ConsoleBroadcaster;

/// <summary>What the command line asked for.</summary>
internal sealed record BroadcastOptions : PictureOptions, IServerOptions
{
    public string? Server { get; set; }

    public SignalingKind? Transport { get; set; }

    public string? Token { get; set; }

    public string? PinSha256 { get; set; }

    public string Stream { get; set; } = "default";

    public int MediaPort { get; set; }

    public int? MaxViewers { get; set; }

    public bool Loopback { get; set; }

    public bool NoQrCode { get; set; }

    public bool Verbose { get; set; }

    public bool Help { get; set; }
}
