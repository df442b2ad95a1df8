using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using P2PCam.Hosting;

namespace P2PCam.AspNetCore.Pages;

/// <summary>Which names have a camera behind them, on air or not: the streams that this program registered, and those that somebody brought.</summary>
internal sealed class StreamNames(IServiceProvider services, InMemorySignaling hub, bool mayBeTold)
{
    /// <summary>Whether a camera goes by this name. One that another instance keeps is not known here until its room is.</summary>
    public bool IsKnown(string stream) => hub.HasBroadcaster(stream) || Registered().Contains(stream, StringComparer.Ordinal);

    /// <summary>For whoever got the name wrong, the streams of this program; none where not everybody may watch, since there a name is nobody's business.</summary>
    public IReadOnlyList<string> OthersThan(string stream) => !mayBeTold || IsKnown(stream) ? [] : [.. Registered().Distinct(StringComparer.Ordinal).Take(20)];

    private IEnumerable<string> Registered()
    {
        var options = services.GetService<IOptionsMonitor<BroadcasterOptions>>();
        return options is null ? [] : services.GetServices<BroadcasterRegistration>().Select(camera => options.Get(camera.Name).Stream);
    }
}
