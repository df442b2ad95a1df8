namespace P2PCam;

/// <summary>What a video source is.</summary>
/// <param name="Id">Stable identifier, such as a device path.</param>
/// <param name="Name">What a person would call it.</param>
/// <param name="Width">Expected width in pixels; 0 when not known before it is opened.</param>
/// <param name="Height">Expected height in pixels; 0 when not known before it is opened.</param>
/// <param name="FrameRate">Expected frames per second; 0 when not known before it is opened.</param>
public sealed record VideoSourceDescription(string Id, string Name, int Width = 0, int Height = 0, double FrameRate = 0);
