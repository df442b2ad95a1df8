using System.Globalization;
using System.Text;

namespace P2PCam.WebRtc.Tests.Stun;

/// <summary>Reads the byte strings of Go's fuzz corpus files: <c>[]byte("a\x00\n")</c>, one per line.</summary>
internal static class GoFuzzFile
{
    public static IEnumerable<byte[]> Read(string path)
    {
        const string Start = "[]byte(\"";
        foreach (var line in File.ReadLines(path, Encoding.UTF8))
        {
            if (line.StartsWith(Start, StringComparison.Ordinal) && line.EndsWith("\")", StringComparison.Ordinal))
            {
                yield return Unquote(line[Start.Length..^2]);
            }
        }
    }

    private static byte[] Unquote(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                var width = char.IsHighSurrogate(text[i]) ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text.Substring(i, width)));
                i += width - 1;
                continue;
            }

            i++;
            switch (text[i])
            {
                case 'x':
                    bytes.Add(byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber));
                    i += 2;
                    break;
                case 'u':
                    bytes.AddRange(Encoding.UTF8.GetBytes(((char)ushort.Parse(text.AsSpan(i + 1, 4), NumberStyles.HexNumber)).ToString()));
                    i += 4;
                    break;
                case 'U':
                    bytes.AddRange(Encoding.UTF8.GetBytes(char.ConvertFromUtf32(int.Parse(text.AsSpan(i + 1, 8), NumberStyles.HexNumber))));
                    i += 8;
                    break;
                default:
                    var known = "abtnvfr".IndexOf(text[i]);
                    bytes.Add(known < 0 ? (byte)text[i] : (byte)(7 + known));
                    break;
            }
        }

        return [.. bytes];
    }
}
