namespace P2PCam.Sources.Browser;

/// <summary>Which codec serves the viewers who are there best: the one that most of them can decode, and of such the most wanted.</summary>
internal static class CodecChoice
{
    /// <summary>The best first; as wanted while nobody watches.</summary>
    public static IReadOnlyList<VideoCodec> Order(IReadOnlyList<VideoCodec> wanted, IEnumerable<IReadOnlyList<VideoCodec>> viewers)
    {
        var all = viewers.ToList();
        return [.. wanted.OrderByDescending(codec => Served(all, codec))]; // a stable sort
    }

    /// <summary>One that more viewers can decode than the one in use; null if there is none.</summary>
    /// <param name="used">What they get now.</param>
    /// <param name="possible">What they could get, the most wanted first.</param>
    /// <param name="viewers">What each can decode.</param>
    public static VideoCodec? Better(VideoCodec used, IReadOnlyList<VideoCodec> possible, IEnumerable<IReadOnlyList<VideoCodec>> viewers)
    {
        var all = viewers.ToList();
        return Order(possible, all) is [var best, ..] && Served(all, best) > Served(all, used) ? best : null;
    }

    private static int Served(List<IReadOnlyList<VideoCodec>> viewers, VideoCodec codec) => viewers.Count(viewer => viewer.Contains(codec));
}
