namespace P2PCam.Codecs.Vp8.Common;

/// <summary>What later frames take from this one (RFC 6386 sections 9.7, 9.10 and 9.11).</summary>
/// <param name="Last">The picture becomes the last frame.</param>
/// <param name="Golden">The picture becomes the golden frame.</param>
/// <param name="AltRef">The picture becomes the altref frame.</param>
/// <param name="CopyToGolden">1: the last frame, 2: the altref frame, becomes the golden frame.</param>
/// <param name="CopyToAltRef">1: the last frame, 2: the golden frame becomes the altref frame.</param>
/// <param name="KeepsProbabilities">The probabilities hold for later frames too.</param>
internal readonly record struct ReferenceUpdate(
    bool Last, bool Golden, bool AltRef, int CopyToGolden, int CopyToAltRef, bool KeepsProbabilities)
{
    /// <summary>A key frame's: everything that came before is forgotten.</summary>
    public static ReferenceUpdate All => new(true, true, true, 0, 0, true);

    /// <summary>A plain inter frame's: golden and altref stay.</summary>
    public static ReferenceUpdate OnlyLast => new(true, false, false, 0, 0, true);
}
