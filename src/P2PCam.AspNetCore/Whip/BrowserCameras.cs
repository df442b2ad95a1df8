using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using P2PCam.Hosting;

namespace P2PCam.AspNetCore.Whip;

/// <summary>The streams of this program, and which of them a browser may be the camera of.</summary>
internal sealed class BrowserCameras(IServiceProvider services)
{
    /// <summary>The source that a browser may publish to; null if the stream takes none.</summary>
    public BrowserCameraSource? Find(string stream) =>
        services.GetServices<BrowserCameraRegistration>().FirstOrDefault(camera => OptionsOf(camera.Name).Stream == stream) is { } found
            ? services.GetRequiredKeyedService<BrowserCameraSource>(found.Name)
            : null;

    /// <summary>The broadcaster of a stream with its options; null if it is none of this program's.</summary>
    public (IBroadcaster Broadcaster, BroadcasterOptions Options)? FindBroadcaster(string stream) =>
        services.GetServices<BroadcasterRegistration>().FirstOrDefault(camera => OptionsOf(camera.Name).Stream == stream) is { } found
            ? (services.GetRequiredKeyedService<IBroadcaster>(found.Name), OptionsOf(found.Name))
            : null;

    private BroadcasterOptions OptionsOf(string name) => services.GetRequiredService<IOptionsMonitor<BroadcasterOptions>>().Get(name);
}
