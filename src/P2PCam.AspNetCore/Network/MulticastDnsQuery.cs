using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace P2PCam.AspNetCore.Network;

/// <summary>
/// A question for the addresses of one name, and the answers to it (RFC 1035 section 4.1, RFC 6762 section 18):
/// <code>
/// +--------+--------+----------+----------+----------+----------+
/// |   ID   | flags  | QDCOUNT  | ANCOUNT  | NSCOUNT  | ARCOUNT  |   16 bits each
/// +--------+--------+----------+----------+----------+----------+
/// question: QNAME, QTYPE, QCLASS        record: NAME, TYPE, CLASS, TTL (32), RDLENGTH, RDATA
/// QNAME: each label behind its length (1 to 63), then 0; or 11 and 14 bits of an offset, where the rest of it stands
/// </code>
/// </summary>
internal static class MulticastDnsQuery
{
    private const int HeaderLength = 12;
    private const ushort A = 1;
    private const ushort Aaaa = 28;
    private const ushort Internet = 1;
    private const ushort AnswerToMeAlone = 0x8000; // RFC 6762 section 5.4
    private const int MostJumps = 16;

    /// <summary>Asks for IPv4 and IPv6 addresses at once.</summary>
    public static byte[] Write(string name, ushort id)
    {
        var question = new List<byte>();
        foreach (var label in name.Split('.'))
        {
            question.Add((byte)label.Length);
            question.AddRange(Encoding.ASCII.GetBytes(label));
        }

        question.Add(0);
        var message = new byte[HeaderLength + (2 * (question.Count + 4))];
        BinaryPrimitives.WriteUInt16BigEndian(message, id);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), 2);
        var at = HeaderLength;
        foreach (var type in new[] { A, Aaaa })
        {
            question.CopyTo(message, at);
            at += question.Count;
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at), type);
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at + 2), Internet | AnswerToMeAlone);
            at += 4;
        }

        return message;
    }

    /// <summary>The addresses that a message gives the name; none for what is no answer, or cut short.</summary>
    public static IReadOnlyList<IPAddress> ReadAddresses(ReadOnlySpan<byte> message, string name)
    {
        var addresses = new List<IPAddress>();
        if (message.Length < HeaderLength || (message[2] & 0x80) == 0)
        {
            return addresses;
        }

        var at = HeaderLength;
        for (var questions = BinaryPrimitives.ReadUInt16BigEndian(message[4..]); questions > 0; questions--)
        {
            if (!TryReadName(message, ref at, null, out _) || (at += 4) > message.Length)
            {
                return addresses;
            }
        }

        var records = BinaryPrimitives.ReadUInt16BigEndian(message[6..]) + BinaryPrimitives.ReadUInt16BigEndian(message[8..]) + BinaryPrimitives.ReadUInt16BigEndian(message[10..]);
        for (; records > 0 && TryReadName(message, ref at, name, out var isMeant) && at + 10 <= message.Length; records--)
        {
            var (type, length) = (BinaryPrimitives.ReadUInt16BigEndian(message[at..]), BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]));
            at += 10;
            if (at + length > message.Length)
            {
                break;
            }

            if (isMeant && (type, length) is (A, 4) or (Aaaa, 16))
            {
                addresses.Add(new IPAddress(message.Slice(at, length)));
            }

            at += length;
        }

        return addresses;
    }

    /// <summary>Goes over a name, and compares it with the one that is meant.</summary>
    private static bool TryReadName(ReadOnlySpan<byte> message, ref int at, string? meant, out bool isMeant)
    {
        var text = new StringBuilder();
        var (position, jumps) = (at, 0);
        isMeant = false;
        while (position < message.Length)
        {
            var length = message[position];
            if (length == 0)
            {
                at = jumps == 0 ? position + 1 : at;
                isMeant = meant is not null && text.ToString().Equals(meant, StringComparison.OrdinalIgnoreCase);
                return true;
            }

            if ((length & 0xC0) == 0xC0)
            {
                if (position + 1 >= message.Length || ++jumps > MostJumps)
                {
                    return false;
                }

                at = jumps == 1 ? position + 2 : at;
                position = ((length & 0x3F) << 8) | message[position + 1];
                continue;
            }

            if (length > 63 || position + 1 + length > message.Length)
            {
                return false;
            }

            _ = text.Length > 0 ? text.Append('.') : text;
            text.Append(Encoding.ASCII.GetString(message.Slice(position + 1, length)));
            position += 1 + length;
        }

        return false;
    }
}
