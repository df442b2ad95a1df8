using System.Net.NetworkInformation;
using LanCamera.Arguments;
using P2PCam.AspNetCore;

namespace LanCamera.Output;

/// <summary>Says where to watch when this machine's addresses are others than those that were printed: after the network came, or another one.</summary>
internal sealed class AddressNews : IDisposable
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);
    private readonly LanHttpsInfo _https;
    private readonly LanCameraOptions _options;
    private readonly Timer _timer;
    private string _said;

    public AddressNews(LanCameraOptions options, LanHttpsInfo https)
    {
        (_options, _https) = (options, https);
        _said = First();
        _timer = new Timer(_ => SayIfNew());
        NetworkChange.NetworkAddressChanged += OnChanged;
    }

    public void Dispose()
    {
        NetworkChange.NetworkAddressChanged -= OnChanged;
        _timer.Dispose();
    }

    // Changes come in bursts.
    private void OnChanged(object? sender, EventArgs e) => _timer.Change(Settling, Timeout.InfiniteTimeSpan);

    private void SayIfNew()
    {
        var first = First();
        if (Interlocked.Exchange(ref _said, first) != first)
        {
            Happenings.Write(Paint.Soft("!"), $"the address to watch is now {Paint.Link(first)}");
        }
    }

    private string First() => _https.GetUrls(_options.AllInterfaces, _options.Loopback)[0].Url + (_options.Stream == "default" ? "" : $"/s/{_options.Stream}");
}
