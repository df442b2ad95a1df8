namespace P2PCam;

/// <summary>A camera of this machine.</summary>
/// <param name="Id">What <see cref="FFmpegSource.FromCamera"/> takes.</param>
/// <param name="Name">What a person would call it.</param>
public sealed record CameraDevice(string Id, string Name);
