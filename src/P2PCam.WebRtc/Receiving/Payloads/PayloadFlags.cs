namespace P2PCam.WebRtc.Receiving.Payloads;

/// <summary>What one packet tells about the frame that it is of.</summary>
[Flags]
internal enum PayloadFlags
{
    None = 0,

    /// <summary>A frame may start with it.</summary>
    FrameStart = 1,

    /// <summary>A key frame may start with it.</summary>
    KeyFrameStart = 2,

    /// <summary>Carries nothing: it only takes a place in the sequence.</summary>
    Padding = 4,

    /// <summary>Arrived, but is no payload of its codec: the frame that it belongs to will never be whole.</summary>
    Unusable = 8,

    /// <summary>Carries a part of a picture, and not only what pictures refer to.</summary>
    Picture = 16,

    /// <summary>Carries a part of a key frame's picture.</summary>
    KeyPicture = 32,

    /// <summary>H.264: carries a sequence parameter set.</summary>
    SequenceParameters = 64,

    /// <summary>H.264: carries a picture parameter set.</summary>
    PictureParameters = 128,

    /// <summary>H.264: carries the first slice of a picture.</summary>
    PictureStart = 256,
}
