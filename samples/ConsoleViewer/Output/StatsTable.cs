using System.Globalization;
using P2PCam;

namespace ConsoleViewer.Output;

/// <summary>A viewer's figures as a table, or as one line.</summary>
internal sealed class StatsTable
{
    private const int LabelWidth = 15;
    private readonly Sparkline _rates = new(length: 40);

    /// <summary>The same figures for files and pipes: fixed words, so that scripts can read them.</summary>
    public static string Line(IViewer viewer)
    {
        var s = viewer.GetStatistics();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.Now:HH:mm:ss} {StateWords.Describe(viewer.State)}  {s.Width}x{s.Height}  fps {s.FrameRate:0.0}  kbit/s {s.Bitrate / 1e3:0}  frames {s.FramesDecoded}  dropped {s.FramesDropped}  lost {s.PacketsLost}  rtt {Milliseconds(s.RoundTripTime)}");
    }

    /// <summary>One row per line, none wider than the terminal.</summary>
    public IReadOnlyList<string> Rows(IViewer viewer, int width)
    {
        var s = viewer.GetStatistics();
        var isLive = viewer.State == ViewerState.Live;
        _rates.Add(isLive ? s.FrameRate : 0);
        var rows = new List<(string Label, string Text, string After)>
        {
            ("State", StateWords.Describe(viewer.State), s.Connections > 1 ? Invariant($"negotiated {s.Connections} times") : ""),
            ("Picture", s.Width > 0 ? Invariant($"{s.Width}x{s.Height}  {s.Codec?.ToString().ToUpperInvariant()}") : "-", s.TimeToFirstFrame is { } first ? Invariant($"first after {first.TotalMilliseconds:0} ms") : ""),
            ("Frame rate", Invariant($"{s.FrameRate:0.0} fps"), _rates.ToString()),
            ("Bit rate", Invariant($"{s.Bitrate / 1e6:0.00} Mbit/s"), Invariant($"{s.BytesReceived / 1e6:0.0} MB so far")),
            ("Round trip", Milliseconds(s.RoundTripTime), $"jitter {Milliseconds(s.Jitter)}"),
            ("Frames", Invariant($"{s.FramesDecoded:N0} decoded"), Invariant($"{s.FramesDropped:N0} dropped, {s.KeyFramesReceived:N0} key frame{(s.KeyFramesReceived == 1 ? "" : "s")}")),
            ("Packets", Invariant($"{s.PacketsReceived:N0} received"), Invariant($"{s.PacketsLost:N0} lost, {s.NacksSent:N0} asked for again, {s.RetransmissionsReceived:N0} came again")),
            ("From", s.RemoteAddress ?? "-", ""),
        };
        return ["", .. rows.Select(row => Row(row.Label, row.Text, row.After, width, isLive))];
    }

    private static string Row(string label, string text, string after, int width, bool isLive)
    {
        var main = text.PadRight(22);
        var room = Math.Max(0, width - LabelWidth - main.Length - 2);
        var rest = after.Length > room ? after[..room] : after;
        var shown = label == "State" ? (isLive ? Paint.Good(main) : Paint.Bad(main)) : main;
        return $"  {Paint.Soft(label.PadRight(LabelWidth - 2))}{shown}  {Paint.Soft(rest)}".TrimEnd();
    }

    private static string Milliseconds(TimeSpan? time) => time is { } value ? Invariant($"{value.TotalMilliseconds:0.0} ms") : "-";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
