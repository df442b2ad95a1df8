namespace P2PCam;

/// <summary>A source whose frame rate nobody knows before some frames have come, and which may be slow: a network camera, a stream.</summary>
internal interface ISlowSource
{
    /// <summary>Whether the one that is read now is such a source.</summary>
    bool MayBeSlow { get; }
}
