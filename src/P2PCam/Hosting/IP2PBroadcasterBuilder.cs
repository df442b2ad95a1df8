using Microsoft.Extensions.DependencyInjection;

namespace P2PCam;

/// <summary>Says what one broadcaster shows and how it is reached; made by <c>services.AddP2PBroadcaster()</c>.</summary>
public interface IP2PBroadcasterBuilder
{
    /// <summary>The broadcaster's name: its key in dependency injection, its options' name and its stream.</summary>
    string Name { get; }

    /// <summary>Where it is registered.</summary>
    IServiceCollection Services { get; }
}
