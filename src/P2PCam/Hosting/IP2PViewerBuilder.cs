using Microsoft.Extensions.DependencyInjection;

namespace P2PCam;

/// <summary>Says how one viewer finds its broadcaster; made by <c>services.AddP2PViewer()</c>.</summary>
public interface IP2PViewerBuilder
{
    /// <summary>The viewer's name: its key in dependency injection, its options' name and, unless the options say otherwise, its stream.</summary>
    string Name { get; }

    /// <summary>Where it is registered.</summary>
    IServiceCollection Services { get; }
}
