namespace P2PCam.WebRtc.Dtls.Records;

internal enum InboxItem
{
    Nothing,

    /// <summary>A piece of a message that was not there before.</summary>
    Progress,

    /// <summary>A piece of a message that the peer sent again.</summary>
    Repeat,

    /// <summary>A ChangeCipherSpec of our own making.</summary>
    CipherChange,

    /// <summary>A genuine encrypted record.</summary>
    Encrypted,
}

/// <summary>
/// Records that wait for the handshake to read them, in the order in which it needs them: messages, then a ChangeCipherSpec, then the
/// encrypted ones, which wait if they overtook the rest of their flight. Not safe for two threads.
/// </summary>
/// <param name="isGenuine">Asked about each encrypted record before the handshake gets it.</param>
internal sealed class HandshakeInbox(HandshakeInbox.RecordCheck isGenuine)
{
    private const int MaxEncrypted = 8;
    private const int MaxMessages = 256;
    private readonly Queue<InboundRecord> _messages = new();
    private readonly Queue<byte[]> _encrypted = new();
    private ulong _sequenceNumber;
    private HandshakeType _lastMessage;
    private bool _cipherChanged;

    public delegate bool RecordCheck(ReadOnlySpan<byte> record);

    // The last unencrypted message of a peer's flight: from a client CertificateVerify; from a server, to whom our Finished is gone by
    // the time that more is asked for, ServerHelloDone or a ticket.
    private bool IsCipherChangeDue =>
        _lastMessage is HandshakeType.CertificateVerify or HandshakeType.ServerHelloDone or HandshakeType.NewSessionTicket;

    /// <summary>Takes a record in, or drops it where too many wait: the peer will send it again.</summary>
    public void Add(InboundRecord record)
    {
        if (!record.IsEncrypted && _messages.Count < MaxMessages)
        {
            _messages.Enqueue(record);
        }
        else if (record.IsEncrypted && _encrypted.Count < MaxEncrypted)
        {
            _encrypted.Enqueue(record.Bytes);
        }
    }

    /// <summary>Whether anything waits; forgeries are dropped here.</summary>
    public bool HasInput()
    {
        DropForged();
        return _messages.Count > 0 || _encrypted.Count > 0;
    }

    /// <summary>Writes the next record into <paramref name="buffer"/>; <paramref name="length"/> is -1 if there is none.</summary>
    public InboxItem Take(Span<byte> buffer, out int length)
    {
        if (_messages.TryDequeue(out var message))
        {
            if (message.EndOf != default && !message.IsRepeat)
            {
                _lastMessage = message.EndOf;
            }

            length = WriteRecord(buffer, DtlsContentType.Handshake, message.Bytes);
            return message.IsRepeat ? InboxItem.Repeat : InboxItem.Progress;
        }

        DropForged();
        if (_cipherChanged && _encrypted.TryDequeue(out var record))
        {
            length = record.Length;
            record.CopyTo(buffer);
            return InboxItem.Encrypted;
        }

        if (_encrypted.Count > 0 && IsCipherChangeDue)
        {
            _cipherChanged = true;
            length = WriteRecord(buffer, DtlsContentType.ChangeCipherSpec, [1]);
            return InboxItem.CipherChange;
        }

        length = -1;
        return InboxItem.Nothing;
    }

    private void DropForged()
    {
        while (IsCipherChangeDue && _encrypted.TryPeek(out var record) && !isGenuine(record))
        {
            _encrypted.Dequeue();
        }
    }

    // Numbers of unencrypted records are given anew: the sender's could be forged to push the real ones out of the replay window.
    private int WriteRecord(Span<byte> buffer, DtlsContentType type, ReadOnlySpan<byte> fragment)
    {
        DtlsRecord.WriteHeader(buffer, type, _sequenceNumber++, fragment.Length);
        fragment.CopyTo(buffer[DtlsRecord.HeaderLength..]);
        return DtlsRecord.HeaderLength + fragment.Length;
    }
}
