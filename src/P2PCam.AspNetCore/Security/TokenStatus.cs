namespace P2PCam.AspNetCore;

/// <summary>What <see cref="P2PCamTokens.Check"/> found.</summary>
public enum TokenStatus
{
    /// <summary>It opens the stream in the role.</summary>
    Valid,

    /// <summary>There is none.</summary>
    Missing,

    /// <summary>No key here signed this, or it was changed since, or it is no token.</summary>
    Forged,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>It is for another stream.</summary>
    OtherStream,

    /// <summary>It is for another role.</summary>
    OtherRole,
}
