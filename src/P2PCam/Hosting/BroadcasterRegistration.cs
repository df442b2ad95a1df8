using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using P2PCam.Broadcasting;
using P2PCam.Diagnostics;

namespace P2PCam.Hosting;

/// <summary>What was said about one broadcaster while services were configured, and how it is made from that.</summary>
internal sealed class BroadcasterRegistration(string name)
{
    public string Name { get; } = name;

    public Func<IServiceProvider, BroadcastSource>? Source { get; private set; }

    /// <summary>What encodes the pictures of a source instead of the library's own encoder.</summary>
    public Func<IServiceProvider, IVideoSource, BroadcasterOptions, IEncodedVideoSource>? Encode { get; private set; }

    /// <summary>Whether only configuration has named it so far; code that names it goes on from there.</summary>
    public bool IsOnlyConfigured { get; set; }

    /// <summary>Who calls on behalf of whom: a key of configuration; null for code.</summary>
    public string? Caller { get; set; }

    private string? SourceBy { get; set; }

    private string? EncodeBy { get; set; }

    public IList<Func<IServiceProvider, ISignalingTransport>> Signaling { get; } = [];

    /// <param name="by">The call that says so, for messages.</param>
    /// <param name="create">Makes the source.</param>
    /// <exception cref="InvalidOperationException">There is one already: the last one does not win in silence.</exception>
    public void SetSource(string by, Func<IServiceProvider, BroadcastSource> create)
    {
        var said = Caller ?? by;
        (Source, SourceBy) = SourceBy is null
            ? (create, said)
            : throw new InvalidOperationException($"The broadcaster '{Name}' shows one source, and {SourceBy} and {said} both give it one. Remove one of them, or add another broadcaster with a name of its own.");
    }

    /// <inheritdoc cref="SetSource"/>
    public void SetEncoder(string by, Func<IServiceProvider, IVideoSource, BroadcasterOptions, IEncodedVideoSource> encode)
    {
        var said = Caller ?? by;
        (Encode, EncodeBy) = EncodeBy is null
            ? (encode, said)
            : throw new InvalidOperationException($"The broadcaster '{Name}' has one encoder, and {EncodeBy} and {said} both give it one. Remove one of them.");
    }

    public IBroadcaster Create(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptionsMonitor<BroadcasterOptions>>().Get(Name);
        var loggers = services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        var source = Source?.Invoke(services) ?? BroadcastSource.Of(DefaultSource(services, loggers));
        if (Encode is not null && source.Pictures is { } pictures)
        {
            source = BroadcastSource.Of(Encode(services, pictures, options));
        }

        return new CameraBroadcaster(source, CreateTransports(services), options, services.GetService<TimeProvider>() ?? TimeProvider.System, loggers, BroadcastInstruments.For(services.GetService<IMeterFactory>()));
    }

    private static DefaultVideoSource DefaultSource(IServiceProvider services, ILoggerFactory loggers) =>
        DefaultVideoSource.Create(services.GetService<TimeProvider>() ?? TimeProvider.System, loggers.CreateLogger<BroadcasterRegistration>());

    private List<ISignalingTransport> CreateTransports(IServiceProvider services)
    {
        if (Signaling.Count > 0)
        {
            return [.. Signaling.Select(create => create(services))];
        }

        return [services.GetRequiredService<InMemorySignaling>().CreateTransport()];
    }
}
