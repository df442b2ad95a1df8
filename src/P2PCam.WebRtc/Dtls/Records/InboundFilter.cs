namespace P2PCam.WebRtc.Dtls.Records;

/// <summary>
/// Stands before the handshake and lets through only what moves it on: whole unencrypted messages in the order of their numbers, repeats of
/// these that are equal to the byte, and encrypted records. Everything else (strays, forgeries, half messages, floods of fragments)
/// ends here, within bounds that do not depend on the sender: the library behind keeps no such bounds itself.
/// </summary>
internal sealed class InboundFilter(DtlsOptions options)
{
    public const int MaxAhead = 8;
    public const int MaxMessages = 32;
    private const int MaxEncryptedFragment = 1024;
    private const int PieceLength = 1400;
    private const int MaxRepeats = 128;
    private const int FatalAlert = 2;
    private static readonly TimeSpan RepeatInterval = TimeSpan.FromMilliseconds(20);

    private readonly InboundMessage?[] _messages = new InboundMessage?[MaxMessages];
    private int _next;
    private int _bytes;
    private int _fragments;
    private int _repeats;

    /// <summary>Set when the peer overstepped a bound; nothing is let through any more.</summary>
    public DtlsFailure Failure { get; private set; }

    /// <summary>The description in an unencrypted fatal alert; -1 while there was none. Anyone on the path can forge it.</summary>
    public int UnprotectedAlert { get; private set; } = -1;

    /// <summary>Datagram bytes that led to nothing, for diagnosis.</summary>
    public long IgnoredBytes { get; private set; }

    /// <summary>Appends what may pass to <paramref name="output"/>.</summary>
    public void Accept(TimeSpan now, ReadOnlySpan<byte> datagram, Queue<InboundRecord> output)
    {
        var passed = output.Count;
        var length = datagram.Length;
        while (Failure == DtlsFailure.None && DtlsRecord.TryRead(ref datagram, out var record))
        {
            if (record.Epoch == 0)
            {
                AcceptUnencrypted(now, record, output);
            }
            else if (record.Epoch == 1
                && record.Type is DtlsContentType.Handshake or DtlsContentType.Alert
                && record.Fragment.Length is >= RecordAuthenticator.MinFragment and <= MaxEncryptedFragment)
            {
                output.Enqueue(new InboundRecord(record.Bytes.ToArray(), IsEncrypted: true));
            }
        }

        if (output.Count == passed)
        {
            IgnoredBytes += length;
        }
    }

    private void AcceptUnencrypted(TimeSpan now, DtlsRecord record, Queue<InboundRecord> output)
    {
        var fragment = record.Fragment;
        if (record.Type == DtlsContentType.Alert)
        {
            if (fragment.Length == 2 && fragment[0] == FatalAlert)
            {
                UnprotectedAlert = fragment[1];
            }

            return;
        }

        // ChangeCipherSpec needs no passing on: an encrypted record says the same, and cannot be forged.
        if (record.Type != DtlsContentType.Handshake)
        {
            return;
        }

        while (Failure == DtlsFailure.None && HandshakeFragment.TryRead(ref fragment, out var piece))
        {
            AcceptFragment(now, piece, output);
        }
    }

    private void AcceptFragment(TimeSpan now, HandshakeFragment piece, Queue<InboundRecord> output)
    {
        int sequence = piece.MessageSequence;
        if (sequence >= MaxMessages || sequence >= _next + MaxAhead || (piece.Body.IsEmpty && piece.MessageLength > 0)
            || piece.MessageLength > options.MaxMessageBytes || !IsExpected(sequence, piece.Type))
        {
            return;
        }

        var message = _messages[sequence];
        if (message is null)
        {
            if ((_bytes += piece.MessageLength) > options.MaxHandshakeBytes)
            {
                Failure = DtlsFailure.TooManyBytes;
                return;
            }

            message = _messages[sequence] = new InboundMessage(piece.Type, piece.MessageLength);
        }

        if (message.Type != piece.Type || message.Length != piece.MessageLength)
        {
            return;
        }

        var outcome = message.Add(piece.Offset, piece.Body);
        if (outcome is FragmentOutcome.Added or FragmentOutcome.Completed && ++_fragments > options.MaxFragments)
        {
            Failure = DtlsFailure.TooManyFragments;
        }
        else if (outcome == FragmentOutcome.Completed)
        {
            while (_next < MaxMessages && _messages[_next] is { IsComplete: true } complete)
            {
                Pass(complete, _next++, isRepeat: false, output);
            }
        }
        else if (outcome == FragmentOutcome.Repeated
            && sequence < _next && _repeats < MaxRepeats && now - RepeatInterval >= message.RepeatedAt)
        {
            _repeats++;
            message.RepeatedAt = now;
            Pass(message, sequence, isRepeat: true, output);
        }
    }

    // A server gets a ClientHello first and never again, a client never gets one: so a stranger's takes no place of the real peer's.
    private bool IsExpected(int sequence, HandshakeType type) => options.Role == DtlsRole.Server
        ? type == HandshakeType.ClientHello == (sequence == 0) && type is not (HandshakeType.ServerHelloDone or HandshakeType.Finished)
        : type is not (HandshakeType.ClientHello or HandshakeType.CertificateVerify or HandshakeType.Finished);

    private static void Pass(InboundMessage message, int sequence, bool isRepeat, Queue<InboundRecord> output)
    {
        var offset = 0;
        do
        {
            var length = Math.Min(PieceLength, message.Length - offset);
            var bytes = new byte[HandshakeFragment.HeaderLength + length];
            HandshakeFragment.WriteHeader(bytes, message.Type, message.Length, (ushort)sequence, offset, length);
            message.Body.Slice(offset, length).CopyTo(bytes.AsSpan(HandshakeFragment.HeaderLength));
            offset += length;
            output.Enqueue(new InboundRecord(bytes, false, offset == message.Length ? message.Type : default, isRepeat));
        }
        while (offset < message.Length);
    }
}
