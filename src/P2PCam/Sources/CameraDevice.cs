namespace P2PCam;

/// <summary>A camera of this machine.</summary>
/// <param name="Id">What <c>FFmpegSource.FromCamera</c> takes: a device path, a name or an index.</param>
/// <param name="Name">What a person would call it.</param>
public sealed record CameraDevice(string Id, string Name);
