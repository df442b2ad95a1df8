namespace P2PCam.WebRtc.Dtls.Records;

internal enum FragmentOutcome
{
    /// <summary>Nothing new, or other bytes than the ones that came before: dropped.</summary>
    Ignored,

    /// <summary>Brought bytes; some are still missing.</summary>
    Added,

    /// <summary>Brought the last missing bytes.</summary>
    Completed,

    /// <summary>The whole message came once more, byte for byte.</summary>
    Repeated,
}

/// <summary>
/// One handshake message being put together, and kept afterwards so that a repeat is told from a forgery. Costs a bit per byte,
/// whatever the fragments' number, size, order and overlap. The first bytes for a place win; a fragment that disagrees is dropped whole.
/// </summary>
internal sealed class InboundMessage(HandshakeType type, int length)
{
    private readonly byte[] _body = new byte[length];
    private readonly ulong[] _have = new ulong[(length + 63) / 64];
    private ulong[]? _again;
    private int _missing = length;
    private int _missingAgain = length;
    private bool _complete;

    public HandshakeType Type { get; } = type;

    public int Length => _body.Length;

    public ReadOnlySpan<byte> Body => _body;

    public bool IsComplete => _complete;

    /// <summary>When a repeat was last passed on.</summary>
    public TimeSpan RepeatedAt { get; set; } = TimeSpan.MinValue;

    public FragmentOutcome Add(int offset, ReadOnlySpan<byte> bytes)
    {
        if (!Agrees(offset, bytes))
        {
            return FragmentOutcome.Ignored;
        }

        if (_complete)
        {
            return AddRepeat(offset, bytes.Length);
        }

        var added = Mark(_have, offset, bytes.Length);
        bytes.CopyTo(_body.AsSpan(offset));
        _missing -= added;
        _complete = _missing == 0;
        return _complete ? FragmentOutcome.Completed : added > 0 ? FragmentOutcome.Added : FragmentOutcome.Ignored;
    }

    private FragmentOutcome AddRepeat(int offset, int count)
    {
        _again ??= new ulong[_have.Length];
        _missingAgain -= Mark(_again, offset, count);
        if (_missingAgain > 0)
        {
            return FragmentOutcome.Ignored;
        }

        Array.Clear(_again);
        _missingAgain = Length;
        return FragmentOutcome.Repeated;
    }

    private bool Agrees(int offset, ReadOnlySpan<byte> bytes)
    {
        if (_complete)
        {
            return bytes.SequenceEqual(_body.AsSpan(offset, bytes.Length));
        }

        for (var i = 0; i < bytes.Length; i++)
        {
            var at = offset + i;
            if ((_have[at / 64] & (1UL << (at & 63))) != 0 && _body[at] != bytes[i])
            {
                return false;
            }
        }

        return true;
    }

    private static int Mark(ulong[] bits, int offset, int count)
    {
        var added = 0;
        for (var at = offset; at < offset + count; at++)
        {
            var bit = 1UL << (at & 63);
            added += (bits[at / 64] & bit) == 0 ? 1 : 0;
            bits[at / 64] |= bit;
        }

        return added;
    }
}
