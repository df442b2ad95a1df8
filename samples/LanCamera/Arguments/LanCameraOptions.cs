namespace LanCamera.Arguments;

/// <summary>What the command line asked for.</summary>
internal sealed record LanCameraOptions : PictureOptions
{
    public int Port { get; set; } = 3000;

    public bool AllowHttp { get; set; }

    public string Stream { get; set; } = "default";

    public string? DataDirectory { get; set; }

    public string? CertificatePath { get; set; }

    public string? CertificateKeyPath { get; set; }

    public string? CertificatePasswordFile { get; set; }

    public bool ResetAuthority { get; set; }

    public int? MaxViewers { get; set; }

    public List<string> AllowedHosts { get; } = [];

    /// <summary>Other origins whose pages may show the camera.</summary>
    public List<string> AllowedOrigins { get; } = [];

    /// <summary>Reverse proxies whose word is taken, besides or, if it is empty, on this machine; null where there are none.</summary>
    public List<string>? Proxies { get; set; }

    public string? Pin { get; set; }

    public TimeSpan? Share { get; set; }

    /// <summary>A browser is the camera, even if this machine has one that needs none.</summary>
    public bool BrowserCamera { get; set; }

    /// <summary>Why a browser is the camera although nobody asked for one; null if somebody did, or none is.</summary>
    public string? WhyBrowser { get; set; }

    /// <summary>Opens the page for the camera in this machine's browser, if a browser is the camera; else the page to watch.</summary>
    public bool Open { get; set; }

    public bool AllInterfaces { get; set; }

    public bool Loopback { get; set; }

    public bool NoQrCode { get; set; }

    public bool Verbose { get; set; }

    public bool Help { get; set; }
}
