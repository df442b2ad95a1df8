namespace P2PCam.Codecs.Vp8.Common;

/// <summary>Which earlier picture a macroblock is predicted from (RFC 6386 section 9.7).</summary>
internal enum ReferenceKind : byte
{
    Intra,
    Last,
    Golden,
    AltRef,
}

/// <summary>Macroblock prediction modes. The first four serve chroma as well (RFC 6386 sections 8 and 16.3).</summary>
internal enum MacroblockMode : byte
{
    Dc,
    Vertical,
    Horizontal,
    TrueMotion,
    Subblocks,
    NearestMv,
    NearMv,
    ZeroMv,
    NewMv,
    SplitMv,
}

/// <summary>Prediction modes of a 4x4 luma subblock, in the order of the probability tables (RFC 6386 section 11.2).</summary>
internal enum SubblockMode : byte
{
    Dc,
    TrueMotion,
    Vertical,
    Horizontal,
    LeftDown,
    RightDown,
    VerticalRight,
    VerticalLeft,
    HorizontalDown,
    HorizontalUp,
}
