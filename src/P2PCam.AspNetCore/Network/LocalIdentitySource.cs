namespace P2PCam.AspNetCore.Network;

/// <summary>Keeps <see cref="LocalIdentity"/> at hand: listing interfaces takes milliseconds, too long to do for each request.</summary>
internal sealed class LocalIdentitySource(TimeProvider timeProvider, Func<LocalIdentity>? read = null)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly Func<LocalIdentity> _read = read ?? LocalIdentity.Read;
    private LocalIdentity? _current;
    private long _readAt;

    public LocalIdentity Current
    {
        get
        {
            lock (_gate)
            {
                if (_current is null || timeProvider.GetElapsedTime(_readAt) >= MaxAge)
                {
                    _readAt = timeProvider.GetTimestamp();
                    _current = _read();
                }

                return _current;
            }
        }
    }
}
