namespace P2PCam.VideoEncoding.H264;

/// <summary>The lowest five bits of a NAL unit's first byte, ITU-T H.264 table 7-1; those that matter here.</summary>
internal enum NalUnitType
{
    Slice = 1,
    IdrSlice = 5,
    SequenceParameterSet = 7,
    PictureParameterSet = 8,
    AccessUnitDelimiter = 9,
    EndOfSequence = 10,
    EndOfStream = 11,
    FillerData = 12,
    Last = 23,
}
