using System.Buffers.Binary;

namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>Damages VP8 frames in the ways that find bugs in decoders; the same seed does the same damage.</summary>
internal sealed class StreamMutator(Random random, IReadOnlyList<byte[]> donors)
{
    // Where the uncompressed header and most of the fields of the first partition lie.
    private const int HeaderBytes = 40;

    /// <summary>A damaged copy of <paramref name="frame"/>, at times of another length.</summary>
    public byte[] Mutate(ReadOnlySpan<byte> frame)
    {
        var changed = frame.ToArray();
        for (var changes = 1 + random.Next(3); changes > 0 && changed.Length > 0; changes--)
        {
            changed = Change(changed);
        }

        return changed;
    }

    private byte[] Change(byte[] frame)
    {
        switch (random.Next(11))
        {
            case 0:
            case 1:
                for (var flips = 1 + random.Next(8); flips > 0; flips--)
                {
                    frame[Place(frame)] ^= (byte)(1 << random.Next(8));
                }

                return frame;
            case 2:
                frame[Place(frame)] = (byte)random.Next(256);
                return frame;
            case 3:
                return frame[..random.Next(frame.Length)];
            case 4:
                return Splice(frame, donors[random.Next(donors.Count)]);
            case 5:
                EditTag(frame);
                return frame;
            case 6:
                EditSize(frame);
                return frame;
            case 7:
                EditPartitionLengths(frame);
                return frame;
            case 8:
                Run(frame).Fill(random.Next(2) == 0 ? (byte)0 : (byte)255);
                return frame;
            case 9:
                random.NextBytes(Run(frame));
                return frame;
            default:
                var from = random.Next(frame.Length);
                return random.Next(2) == 0
                    ? [.. frame[..from], .. frame[Math.Min(frame.Length, from + 1 + random.Next(16))..]]
                    : [.. frame[..from], .. frame[Math.Max(0, from - 1 - random.Next(16))..]];
        }
    }

    // Half of the changes where headers are.
    private int Place(byte[] frame) => random.Next(random.Next(2) == 0 ? Math.Min(HeaderBytes, frame.Length) : frame.Length);

    private Span<byte> Run(byte[] frame)
    {
        var from = Place(frame);
        return frame.AsSpan(from, random.Next(Math.Min(random.Next(4) == 0 ? frame.Length : 64, frame.Length - from) + 1));
    }

    private byte[] Splice(byte[] head, byte[] tail)
    {
        // At the same place in both, or anywhere: the tag of one frame with the partitions of another.
        var at = random.Next(Math.Min(head.Length, tail.Length) + 1);
        return [.. head[..at], .. tail[(random.Next(2) == 0 ? at : random.Next(tail.Length + 1))..]];
    }

    // Kind of frame, profile, whether it is shown, length of the first partition (RFC 6386 section 9.1).
    private void EditTag(byte[] frame)
    {
        if (frame.Length < 3)
        {
            return;
        }

        var tag = frame[0] | (frame[1] << 8) | (frame[2] << 16);
        tag = random.Next(4) switch
        {
            0 => tag ^ 1,
            1 => (tag & ~14) | (random.Next(8) << 1),
            2 => tag ^ 16,
            _ => (tag & 31) | (random.Next(random.Next(4) == 0 ? 1 << 19 : frame.Length + 1) << 5),
        };
        (frame[0], frame[1], frame[2]) = ((byte)tag, (byte)(tag >> 8), (byte)(tag >> 16));
    }

    private void EditSize(byte[] frame)
    {
        if (frame.Length >= 10 && (frame[0] & 1) == 0)
        {
            var side = 6 + (2 * random.Next(2));
            var value = random.Next(4) switch { 0 => random.Next(1 << 16), 1 => random.Next(40), 2 => frame[side] + random.Next(-17, 18), _ => random.Next(1, 400) };
            BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(side), (ushort)value);
        }
    }

    // Behind the first partition (RFC 6386 section 9.5). Where there is one token partition only, this damages coefficients.
    private void EditPartitionLengths(byte[] frame)
    {
        if (frame.Length < 13)
        {
            return;
        }

        var first = (frame[0] | (frame[1] << 8) | (frame[2] << 16)) >> 5;
        var at = first + ((frame[0] & 1) == 0 ? 10 : 3) + (3 * random.Next(7));
        if (at + 3 <= frame.Length)
        {
            frame[at + random.Next(3)] = (byte)random.Next(256);
        }
    }
}
