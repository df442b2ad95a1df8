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
        line = WithoutSecrets(line.Length <= 4 * MaxLineLength ? line : line[..(4 * MaxLineLength)]).Trim();
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
    public static string WithoutSecrets(string text) => Query().Replace(UserInfo().Replace(text, "://***@"), "$1?***");

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

    // A query ends at a space; FFmpeg puts a colon and its words behind an address.
    [GeneratedRegex(@"(://[^\s?]*)\?[^\s:]*")]
    private static partial Regex Query();
}
