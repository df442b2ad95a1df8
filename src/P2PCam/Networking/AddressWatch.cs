using System.Net.NetworkInformation;

namespace P2PCam.Networking;

/// <summary>
/// Has somebody look at this machine's addresses again: when the system says that they changed, and every few seconds besides, since not every system says so of every change.
/// </summary>
internal sealed class AddressWatch : IDisposable
{
    /// <summary>Changes come in bursts: an interface goes up, gets a link-local address, then others.</summary>
    internal static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(200);

    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly ITimer _timer;

    /// <param name="timeProvider">The clock.</param>
    /// <param name="look">Called on a thread of the pool, possibly while an earlier call has not returned; must not throw.</param>
    public AddressWatch(TimeProvider timeProvider, Action look)
    {
        _timer = timeProvider.CreateTimer(static state => ((Action)state!)(), look, Interval, Interval);
        NetworkChange.NetworkAddressChanged += OnChanged;
        NetworkChange.NetworkAvailabilityChanged += OnChanged;
    }

    public void Dispose()
    {
        NetworkChange.NetworkAddressChanged -= OnChanged;
        NetworkChange.NetworkAvailabilityChanged -= OnChanged;
        _timer.Dispose();
    }

    private void OnChanged(object? sender, EventArgs e)
    {
        try
        {
            _timer.Change(Settling, Interval);
        }
        catch (ObjectDisposedException)
        {
            // A clock of somebody's own may mind; whoever watched has ended.
        }
    }
}
