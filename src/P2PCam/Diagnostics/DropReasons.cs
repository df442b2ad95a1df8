namespace P2PCam.Diagnostics;

/// <summary>Why a frame was left out, as the metrics say it.</summary>
internal static class DropReasons
{
    /// <summary>Nobody watches, so nothing is encoded.</summary>
    public const string Unwatched = "unwatched";

    /// <summary>The encoder was still busy with an earlier frame.</summary>
    public const string EncoderBusy = "encoder_busy";

    /// <summary>The encoder left it out to keep the bit rate.</summary>
    public const string RateControl = "rate_control";

    public const string EncodeFailed = "encode_failed";

    /// <summary>A compressed frame builds on lost ones, or on none that viewers have.</summary>
    public const string NoKeyFrame = "no_key_frame";

    /// <summary>A compressed frame is not what its codec has, or cannot be cut into packets.</summary>
    public const string Unusable = "unusable";

    /// <summary>One viewer could not take it, or waited for a key frame.</summary>
    public const string ViewerBehind = "viewer_behind";
}
