namespace P2PCam.Broadcasting;

/// <summary>What a source is doing, as its monitor sees it.</summary>
internal enum SourceState
{
    /// <summary>Not open, since nobody watches.</summary>
    Idle,

    /// <summary>Being opened; no picture yet, and no reason to worry either.</summary>
    Opening,

    /// <summary>Pictures come.</summary>
    Live,

    /// <summary>No pictures come: it stalled, ended, failed, or does not begin.</summary>
    Unavailable,
}
