namespace P2PCam.Broadcasting;

/// <summary>What stands on the slate under "camera offline". Why the camera is away is not for viewers: it may name devices, addresses and files.</summary>
internal static class SlateWords
{
    /// <summary>The stream's name, unless it has none of its own.</summary>
    public static string Under(string stream) => stream == new BroadcasterOptions().Stream ? "the picture comes back by itself" : stream;
}
