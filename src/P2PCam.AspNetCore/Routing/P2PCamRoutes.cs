using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace P2PCam.AspNetCore.Routing;

/// <summary>
/// Lets the endpoints of one <c>MapP2PCam</c> give way where the program, or an earlier <c>MapP2PCam</c>, has a route of its own for the same address, and says so at start. Without
/// that each request there would end as HTTP 500 (AmbiguousMatchException), or hide the program's own page.
/// </summary>
internal sealed partial class P2PCamRoutes
{
    private const int BehindAllButFallbacks = int.MaxValue - 1;
    private static readonly ConditionalWeakTable<IEndpointRouteBuilder, HashSet<string>> Mapped = [];
    private static int _latest;

    /// <summary>Set while other endpoints are read: if that leads back to ours, they are as they are.</summary>
    [ThreadStatic]
    private static bool _isReading;

    private readonly int _number = Interlocked.Increment(ref _latest);
    private readonly IEndpointRouteBuilder _endpoints;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, bool> _hidden = new(StringComparer.OrdinalIgnoreCase);
    private List<RouteEndpoint> _others = [];

    /// <exception cref="InvalidOperationException">They were mapped there before.</exception>
    public P2PCamRoutes(IEndpointRouteBuilder endpoints, string pattern)
    {
        var where = pattern.Trim('/');
        if (!Mapped.GetValue(endpoints, _ => new HashSet<string>(StringComparer.OrdinalIgnoreCase)).Add(where))
        {
            throw new InvalidOperationException(
                $"MapP2PCam was called twice for '/{where}', and only one of the two could answer. One call serves all streams; for another set of options give it another path: MapP2PCam(\"/other\", ...).");
        }

        _endpoints = endpoints;
        _logger = endpoints.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger<P2PCamRoutes>();
    }

    /// <summary>The file that the program shows at the root itself, if it does; then the page is not even mapped there, because static files come after routes.</summary>
    public string? OwnStartFile { get; init; }

    public void Watch(RouteGroupBuilder group)
    {
        var isFirst = new FirstOfGroup();
        ((IEndpointConventionBuilder)group).Add(endpoint => endpoint.Metadata.Add(new Mark(_number)));
        ((IEndpointConventionBuilder)group).Finally(endpoint => GiveWay(endpoint, isFirst));
        _endpoints.ServiceProvider.GetService<IHostApplicationLifetime>()?.ApplicationStarted.Register(Report);
    }

    private void GiveWay(EndpointBuilder endpoint, FirstOfGroup first)
    {
        if (_isReading || endpoint is not RouteEndpointBuilder { RoutePattern: var pattern } route)
        {
            return;
        }

        // Each pass over the group begins with the same endpoint; the others are read once for all of it.
        if (first.IsIt(pattern.RawText + endpoint.DisplayName))
        {
            _others = ReadOthers();
        }

        var methods = endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods;
        if (_others.Exists(other => Overlap(methods, other.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods) && RouteShape.IsTakenBy(pattern, other.RoutePattern)))
        {
            route.Order = BehindAllButFallbacks;
            _hidden["/" + pattern.RawText?.Trim('/')] = true;
        }
    }

    private List<RouteEndpoint> ReadOthers()
    {
        _isReading = true;
        try
        {
            var all = (_endpoints.ServiceProvider.GetService<EndpointDataSource>() as CompositeEndpointDataSource)?.DataSources ?? [];
            return
            [
                .. _endpoints.DataSources.Concat(all).Distinct().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
                    .Where(other => other.Order != int.MaxValue && (other.Metadata.GetMetadata<Mark>()?.Number ?? 0) < _number),
            ];
        }
        finally
        {
            _isReading = false;
        }
    }

    private static bool Overlap(IReadOnlyList<string>? mine, IReadOnlyList<string>? theirs) =>
        mine is null or { Count: 0 } || theirs is null or { Count: 0 } || mine.Intersect(theirs, StringComparer.OrdinalIgnoreCase).Any();

    private void Report()
    {
        // Nothing is known before the routes are built, which the first request would do.
        _ = _endpoints.ServiceProvider.GetService<EndpointDataSource>()?.Endpoints;
        if (OwnStartFile is { } file)
        {
            LogOwnFile(file);
        }

        var hidden = _hidden.Keys.Order(StringComparer.Ordinal).ToList();
        if (hidden.Remove("/"))
        {
            LogOwnPage();
        }

        if (hidden.Count > 0)
        {
            LogHidden(string.Join(", ", hidden));
        }
    }

    [LoggerMessage(EventId = 3004, Level = LogLevel.Information, Message = "This program has a page of its own at /, so the viewer page is at /s/default. MapP2PCam(\"/cam\") gives P2PCam a path of its own.")]
    private partial void LogOwnPage();

    [LoggerMessage(EventId = 3007, Level = LogLevel.Information, Message = "The web root has a {File}, which / is left to (UseDefaultFiles, UseStaticFiles, MapFallbackToFile); the viewer page is at /s/default. MapP2PCam(\"/cam\") gives P2PCam a path of its own.")]
    private partial void LogOwnFile(string file);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Warning, Message = "P2P3017: this program has routes of its own for {Routes}, so P2PCam's are not reached there, and its pages may lack them. MapP2PCam(\"/cam\") gives P2PCam a path of its own; the page is at /cam/ then.")]
    private partial void LogHidden(string routes);

    private sealed record Mark(int Number);

    private sealed class FirstOfGroup
    {
        private string? _name;

        public bool IsIt(string name) => (_name ??= name) == name;
    }
}
