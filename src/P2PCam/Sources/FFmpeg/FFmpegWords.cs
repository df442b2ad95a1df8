using System.Text.RegularExpressions;

namespace P2PCam.Sources.FFmpeg;

/// <summary>
/// The last errors that FFmpeg spoke of, without the passwords that addresses may carry. Bounded in number and length. What it merely tells of its input goes
/// to <see cref="Facts"/>.
/// </summary>
/// <param name="secrets">Struck out wherever they stand; what looks like one in an address is so in any case.</param>
internal sealed partial class FFmpegWords(IReadOnlyList<string>? secrets = null)
{
    /// <summary>Makes FFmpeg say how important a line is, and speak of its input.</summary>
    public static readonly IReadOnlyList<string> Arguments = ["-hide_banner", "-nostats", "-loglevel", "level+info", "-nostdin"];

    private const int MaxLines = 20;
    private const int MaxLineLength = 300;

    // A shorter one would strike out what is no secret.
    private const int ShortestSecret = 4;
    private readonly Queue<string> _lines = new();

    /// <summary>What it told of its input.</summary>
    public FFmpegFacts Facts { get; } = new();

    public void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        // Cut before the search, so that a hostile line costs little, and again after it.
        line = line.Length <= 4 * MaxLineLength ? line : line[..(4 * MaxLineLength)];
        if (Level().Match(line) is { Success: true } level)
        {
            line = line.Remove(level.Index, level.Length);
            if (level.Groups[1].ValueSpan is not ("error" or "fatal" or "panic"))
            {
                Facts.Add(line);
                return;
            }
        }

        // Where in memory a part of FFmpeg is tells nobody anything, and makes of one failure another one each time.
        line = WithoutSecrets(Strike(Place().Replace(line, ""))).Trim();
        lock (_lines)
        {
            if (_lines.Count == MaxLines)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line.Length <= MaxLineLength ? line : line[..MaxLineLength]);
        }
    }

    /// <summary>Text with the user names, passwords and queries of addresses struck out; cameras take passwords in queries, too.</summary>
    public static string WithoutSecrets(string text) =>
        Query().Replace(PasswordInPath().Replace(UserInfo().Replace(text, "://***@"), "$1***"), "$1?***");

    public override string ToString()
    {
        lock (_lines)
        {
            return string.Join(" | ", _lines);
        }
    }

    private string Strike(string line)
    {
        foreach (var secret in secrets ?? [])
        {
            line = secret.Length >= ShortestSecret ? line.Replace(secret, "***", StringComparison.Ordinal) : line;
        }

        return line;
    }

    // Greedy up to the last @ before a space: passwords may hold an @ themselves, and a slash.
    [GeneratedRegex(@"://\S*@")]
    private static partial Regex UserInfo();

    // A query ends at a space; FFmpeg puts a colon and its words behind an address.
    [GeneratedRegex(@"(://[^\s?]*)\?\S*?(?=:?(?:\s|$))")]
    private static partial Regex Query();

    [GeneratedRegex(@"(?<=\[[^\]]{1,60}) @ (?:0x)?[0-9A-Fa-f]{4,16}(?=\])")]
    private static partial Regex Place();

    // "/user=admin_password=s3cret_channel=1_stream=0.sdp", as many recorders and cameras have it.
    [GeneratedRegex(@"((?:password|passwd|pwd|pass)=).+?(?=_channel|_stream|[&;/?\s]|:?(?:\s|$))", RegexOptions.IgnoreCase)]
    private static partial Regex PasswordInPath();

    [GeneratedRegex(@"\[(quiet|panic|fatal|error|warning|info|verbose|debug|trace)\] ?")]
    private static partial Regex Level();
}
