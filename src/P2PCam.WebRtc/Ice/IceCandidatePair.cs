using P2PCam.WebRtc.Stun;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

/// <summary>RFC 8445 section 6.1.2.6.</summary>
internal enum IcePairState
{
    Frozen,
    Waiting,
    InProgress,
    Succeeded,
    Failed,
}

/// <summary>A local base and a remote address, and what is known about the way between them.</summary>
internal sealed class IceCandidatePair(TransportAddress local, uint localPriority, TransportAddress remote)
{
    // Consent checks follow each other without retransmission; a few of them may be on the way at once.
    private readonly IceTransaction[] _transactions = new IceTransaction[8];
    private int _current;

    public TransportAddress Local { get; } = local;

    public TransportAddress Remote { get; } = remote;

    public uint LocalPriority { get; } = localPriority;

    public uint RemotePriority { get; set; }

    public ulong Priority { get; private set; }

    public required string LocalFoundation { get; init; }

    public required string RemoteFoundation { get; set; }

    public IcePairState State { get; set; }

    /// <summary>A check of ours was answered and none has failed since.</summary>
    public bool IsValid { get; set; }

    /// <summary>The peer has shown on this pair that it knows the credentials: a check of its own, or an answer to ours.</summary>
    public bool IsAuthenticated { get; set; }

    public bool IsTriggered { get; set; }

    public TimeSpan LastResponseAt { get; private set; }

    /// <summary>When the running check is sent again, or fails.</summary>
    public TimeSpan NextTransmission { get; set; }

    public TimeSpan RetransmissionTimeout { get; private set; }

    public TimeSpan? RoundTripTime { get; private set; }

    public IceNominationMemory Nomination { get; } = new();

    public ref readonly IceTransaction Current => ref _transactions[_current];

    public bool HasFoundationOf(IceCandidatePair other) =>
        LocalFoundation == other.LocalFoundation && RemoteFoundation == other.RemoteFoundation;

    public bool IsBetween(TransportAddress local, TransportAddress remote) => Remote == remote && Local == local;

    public void UpdatePriority(IceRole role) => Priority = role == IceRole.Controlling
        ? IcePriority.Pair(LocalPriority, RemotePriority)
        : IcePriority.Pair(RemotePriority, LocalPriority);

    /// <summary>Starts a transaction in the place of the oldest one, and says when to send it again.</summary>
    public void Begin(TimeSpan now, StunTransactionId id, bool useCandidate, IceRole role, TimeSpan retransmissionTimeout)
    {
        _current = (_current + 1) % _transactions.Length;
        _transactions[_current] = new IceTransaction
        {
            Id = id,
            FirstSentAt = now,
            Transmissions = 1,
            UseCandidate = useCandidate,
            Role = role,
        };
        RetransmissionTimeout = retransmissionTimeout;
        NextTransmission = now + retransmissionTimeout;
    }

    public int CountTransmission() => ++_transactions[_current].Transmissions;

    /// <summary>Whether a request with that id is waiting for its response.</summary>
    public bool HasAsked(StunTransactionId id) => IndexOf(id) >= 0;

    /// <summary>Ends the transaction, so that a second response finds none. Only for an id that <see cref="HasAsked"/>.</summary>
    public IceTransaction Take(StunTransactionId id)
    {
        var index = IndexOf(id);
        var transaction = _transactions[index];
        _transactions[index] = default;
        return transaction;
    }

    public void OnResponse(TimeSpan now, in IceTransaction transaction)
    {
        LastResponseAt = now;

        // Sent more than once, it cannot be told which of them was answered (Karn's rule).
        if (transaction.Transmissions == 1)
        {
            var sample = now - transaction.FirstSentAt;
            RoundTripTime = RoundTripTime is { } smoothed ? smoothed + (sample - smoothed) / 8 : sample;
        }
    }

    /// <summary>The pair has carried something both ways, by which it is as good as a check that was answered.</summary>
    public void OnProven(TimeSpan now)
    {
        LastResponseAt = now;
        IsValid = true;
    }

    private int IndexOf(StunTransactionId id)
    {
        for (var i = 0; i < _transactions.Length; i++)
        {
            if (_transactions[i].Transmissions != 0 && _transactions[i].Id == id)
            {
                return i;
            }
        }

        return -1;
    }
}
