using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using P2PCam.Viewing;

namespace P2PCam;

/// <summary>Makes viewers by hand; <c>services.AddP2PViewer()</c> makes them by dependency injection.</summary>
public static class Viewer
{
    /// <summary>A viewer that finds its broadcaster through <paramref name="signaling"/>, which it owns and disposes. Nothing happens before <see cref="IViewer.ConnectAsync"/>.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the text names it.</exception>
    public static IViewer Create(ISignalingTransport signaling, ViewerOptions? options = null, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null, IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(signaling);
        options ??= new ViewerOptions();
        if (ViewerOptionsValidator.FirstError(options) is { } error)
        {
            throw new ArgumentException(error, nameof(options));
        }

        return new CameraViewer(signaling, options, timeProvider ?? TimeProvider.System, loggerFactory ?? NullLoggerFactory.Instance, meterFactory);
    }
}
