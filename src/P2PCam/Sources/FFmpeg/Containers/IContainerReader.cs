namespace P2PCam.Sources.FFmpeg.Containers;

/// <summary>Cuts FFmpeg's output into compressed frames. Hostile bytes give a status, and cost memory up to one frame's limit.</summary>
internal interface IContainerReader
{
    ValueTask<ContainerRead> ReadAsync();
}
