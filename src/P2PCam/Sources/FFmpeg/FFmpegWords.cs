using System.Text.RegularExpressions;

namespace P2PCam.Sources.FFmpeg;

/// <summary>The last lines that FFmpeg said, without the passwords that addresses may carry. Bounded in number and length.</summary>
internal sealed partial class FFmpegWords
{
    private const int MaxLines = 20;
    private const int MaxLineLength = 300;
    private readonly Queue<string> _lines = new();

    public void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        // Cut before the search, so that a hostile line costs little, and again after it.
        line = UserInfo().Replace(line.Length <= 4 * MaxLineLength ? line : line[..(4 * MaxLineLength)], "://***@").Trim();
        lock (_lines)
        {
            if (_lines.Count == MaxLines)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line.Length <= MaxLineLength ? line : line[..MaxLineLength]);
        }
    }

    public override string ToString()
    {
        lock (_lines)
        {
            return string.Join(" | ", _lines);
        }
    }

    // Greedy up to the last @ before a space or slash: passwords may hold an @ themselves.
    [GeneratedRegex(@"://[^\s/]*@")]
    private static partial Regex UserInfo();
}
