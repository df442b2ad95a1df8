using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using P2PCam.Broadcasting;
using P2PCam.Diagnostics;

namespace P2PCam;

/// <summary>Makes broadcasters by hand; <c>services.AddP2PBroadcaster()</c> makes them by dependency injection.</summary>
public static class Broadcaster
{
    /// <summary>A broadcaster that shows <paramref name="source"/> to all who ask through <paramref name="signaling"/>. It owns both and disposes them.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the text names it.</exception>
    public static IBroadcaster Create(
        IVideoSource source,
        ISignalingTransport signaling,
        BroadcasterOptions? options = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(signaling);
        return Create(source, [signaling], options, timeProvider, loggerFactory, meterFactory);
    }

    /// <summary>A broadcaster that is reached through several transports at once, such as the LAN and a rendezvous server.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or there is no transport; the text names it.</exception>
    public static IBroadcaster Create(
        IVideoSource source,
        IReadOnlyList<ISignalingTransport> signaling,
        BroadcasterOptions? options = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Create(BroadcastSource.Of(source), signaling, options, timeProvider, loggerFactory, meterFactory);
    }

    /// <summary>
    /// A broadcaster that passes video on as <paramref name="source"/> compressed it, to all who ask through <paramref name="signaling"/> and can decode it. It
    /// owns both and disposes them.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of its range, or the source names no codec; the text says which.</exception>
    public static IBroadcaster Create(
        IEncodedVideoSource source,
        ISignalingTransport signaling,
        BroadcasterOptions? options = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(signaling);
        return Create(source, [signaling], options, timeProvider, loggerFactory, meterFactory);
    }

    /// <summary>A broadcaster of compressed video that is reached through several transports at once.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, there is no transport, or the source names no codec; the text says which.</exception>
    public static IBroadcaster Create(
        IEncodedVideoSource source,
        IReadOnlyList<ISignalingTransport> signaling,
        BroadcasterOptions? options = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        IMeterFactory? meterFactory = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Codecs.Count > 0
            ? Create(BroadcastSource.Of(source), signaling, options, timeProvider, loggerFactory, meterFactory)
            : throw new ArgumentException("A source of compressed video must name at least one codec.", nameof(source));
    }

    private static CameraBroadcaster Create(
        BroadcastSource source, IReadOnlyList<ISignalingTransport> signaling, BroadcasterOptions? options, TimeProvider? timeProvider, ILoggerFactory? loggerFactory, IMeterFactory? meterFactory)
    {
        ArgumentNullException.ThrowIfNull(signaling);
        options ??= new BroadcasterOptions();
        if (BroadcasterOptionsValidator.FirstError(options) is { } error)
        {
            throw new ArgumentException(error, nameof(options));
        }

        if (signaling.Count == 0)
        {
            throw new ArgumentException("A broadcaster needs at least one signaling transport to be found by.", nameof(signaling));
        }

        return new CameraBroadcaster(source, signaling, options, timeProvider ?? TimeProvider.System, loggerFactory ?? NullLoggerFactory.Instance, BroadcastInstruments.For(meterFactory));
    }
}
