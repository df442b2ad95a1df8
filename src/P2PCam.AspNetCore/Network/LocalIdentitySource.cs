using System.Net.NetworkInformation;

namespace P2PCam.AspNetCore.Network;

/// <summary>
/// Keeps <see cref="LocalIdentity"/> at hand: listing interfaces takes milliseconds, too long to do for each request. Read again when the system says that addresses changed, so that whoever
/// opens a new address at once is let in, and every few seconds besides.
/// </summary>
internal sealed class LocalIdentitySource : IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly TimeProvider _timeProvider;
    private readonly Func<LocalIdentity> _read;
    private LocalIdentity? _current;
    private long _readAt;
    private volatile bool _hasChanged;

    public LocalIdentitySource(TimeProvider timeProvider, Func<LocalIdentity>? read = null)
    {
        (_timeProvider, _read) = (timeProvider, read ?? LocalIdentity.Read);
        NetworkChange.NetworkAddressChanged += OnAddressChanged;
    }

    public LocalIdentity Current
    {
        get
        {
            lock (_gate)
            {
                if (_current is null || _hasChanged || _timeProvider.GetElapsedTime(_readAt) >= MaxAge)
                {
                    _hasChanged = false;
                    _readAt = _timeProvider.GetTimestamp();
                    _current = _read();
                }

                return _current;
            }
        }
    }

    public void Dispose() => NetworkChange.NetworkAddressChanged -= OnAddressChanged;

    internal void OnAddressChanged(object? sender, EventArgs e) => _hasChanged = true;
}
