namespace P2PCam.Broadcasting;

/// <summary>A source that can have its video compressed in several ways, and chooses by what its viewers can decode.</summary>
internal interface IChoosesCodec
{
    /// <summary>What each viewer can decode of what the source may send; null while nobody broadcasts it. Safe from any thread.</summary>
    Func<IEnumerable<IReadOnlyList<VideoCodec>>>? Viewers { get; set; }
}
