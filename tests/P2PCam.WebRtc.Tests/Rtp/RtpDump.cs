using System.Buffers.Binary;

namespace P2PCam.WebRtc.Tests.Rtp;

/// <summary>
/// Reads captures of rtptools: a text line, a 16-byte file header, then records.
/// <code>
/// | record length (2) | packet length (2) | milliseconds (4) | packet |
/// </code>
/// </summary>
internal static class RtpDump
{
    public static IEnumerable<byte[]> Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var at = Array.IndexOf(bytes, (byte)'\n') + 1 + 16;
        while (at + 8 <= bytes.Length)
        {
            var record = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at));
            if (record < 8 || at + record > bytes.Length)
            {
                yield break;
            }

            yield return bytes[(at + 8)..(at + record)];
            at += record;
        }
    }
}
