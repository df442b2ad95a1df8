using System.Buffers.Binary;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

/// <summary>
/// When to ask whether the peer still wants what it gets, and when to stop (RFC 7675 section 5.1). Each check is a new transaction. While
/// one is unanswered the next follows sooner than the RFC's 4 to 6 seconds, so that a single lost packet looks like that and not like a
/// peer that left. Media that comes in keeps the pair, since it is wanted here, but gives no leave to send.
/// </summary>
internal sealed class IceConsent(IceAgentOptions options, IRandomSource random)
{
    private const int ChecksToSilence = 3;
    private static readonly TimeSpan SoonAgain = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WhileSilent = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private TimeSpan _lastResponse;
    private TimeSpan _lastHeard;
    private TimeSpan _lastMedia;
    private int _unanswered;

    public TimeSpan NextCheck { get; private set; }

    /// <summary>When nothing but checks may be sent any more.</summary>
    public TimeSpan SendUntil => _lastResponse + options.ConsentTimeout;

    /// <summary>When the pair is given up.</summary>
    public TimeSpan Expiry => (_lastMedia > _lastResponse ? _lastMedia : _lastResponse) + options.ConsentTimeout;

    public void Start(TimeSpan now, TimeSpan lastResponse)
    {
        _lastHeard = now;
        _lastMedia = TimeSpan.MinValue;
        _lastResponse = lastResponse;
        _unanswered = 0;
        NextCheck = now - lastResponse < TimeSpan.FromSeconds(1) ? now + DrawInterval() : now;
    }

    public void OnSent(TimeSpan now) => NextCheck = now + (++_unanswered <= ChecksToSilence ? SoonAgain : WhileSilent);

    public void OnResponse(TimeSpan now)
    {
        _lastResponse = _lastHeard = now;
        _unanswered = 0;
        NextCheck = now + DrawInterval();
    }

    /// <summary>An authenticated check came in. It shows that the peer lives, not that it consents.</summary>
    public void OnHeard(TimeSpan now)
    {
        _lastHeard = now;
        if (_unanswered > ChecksToSilence && NextCheck > now + SoonAgain)
        {
            NextCheck = now + SoonAgain;
        }
    }

    /// <summary>Authenticated media came in.</summary>
    public void OnMedia(TimeSpan now) => _lastMedia = _lastHeard = now;

    /// <summary>Several checks in a row went unanswered, and nothing was heard for 5 seconds.</summary>
    public bool IsSilent(TimeSpan now) => _unanswered >= ChecksToSilence && now >= NextCheck && now - _lastHeard >= Silence;

    private TimeSpan DrawInterval()
    {
        Span<byte> bytes = stackalloc byte[2];
        random.Fill(bytes);
        var unit = BinaryPrimitives.ReadUInt16BigEndian(bytes) / (double)ushort.MaxValue;
        return options.ConsentInterval * (0.8 + 0.4 * unit);
    }
}
