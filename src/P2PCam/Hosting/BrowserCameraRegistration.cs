namespace P2PCam.Hosting;

/// <summary>Says that the broadcaster of this name takes its pictures from a browser; its source is a keyed service of the same name.</summary>
internal sealed record BrowserCameraRegistration(string Name);
