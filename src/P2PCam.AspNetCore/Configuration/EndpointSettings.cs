using Microsoft.Extensions.Configuration;
using P2PCam.Configuration;

namespace P2PCam.AspNetCore.Configuration;

/// <summary>The keys below <c>P2PCam:Endpoint</c>.</summary>
internal static class EndpointSettings
{
    public static readonly SettingTable<P2PCamEndpointOptions> Table = new SettingTable<P2PCamEndpointOptions>(options => options.FirstError())
        .Texts(nameof(P2PCamEndpointOptions.AllowedHosts), (o, value) => o.AllowedHosts.Add(value))
        .Texts(nameof(P2PCamEndpointOptions.AllowedOrigins), (o, value) => o.AllowedOrigins.Add(value))
        .Flag(nameof(P2PCamEndpointOptions.AllowBroadcasters), (o, value) => o.AllowBroadcasters = value)
        .Flag(nameof(P2PCamEndpointOptions.AllowCallers), (o, value) => o.AllowCallers = value)
        .Text(nameof(P2PCamEndpointOptions.BroadcastPolicy), (o, value) => o.BroadcastPolicy = value)
        .Text(nameof(P2PCamEndpointOptions.ViewPolicy), (o, value) => o.ViewPolicy = value)
        .Text(nameof(P2PCamEndpointOptions.ViewerPin), (o, value) => o.ViewerPin = value)
        .Flag(nameof(P2PCamEndpointOptions.TrustLoopback), (o, value) => o.TrustLoopback = value)
        .Flag(nameof(P2PCamEndpointOptions.PublishFromLoopback), (o, value) => o.PublishFromLoopback = value)
        .Add(nameof(P2PCamEndpointOptions.IceServers), AddIceServers)
        .Add(nameof(P2PCamEndpointOptions.TurnServers), AddTurnServers)
        .Whole(nameof(P2PCamEndpointOptions.MaxConnections), (o, value) => o.MaxConnections = value)
        .Whole(nameof(P2PCamEndpointOptions.MaxConnectionsPerAddress), (o, value) => o.MaxConnectionsPerAddress = value)
        .Whole(nameof(P2PCamEndpointOptions.MaxJoinsPerMinute), (o, value) => o.MaxJoinsPerMinute = value)
        .Whole(nameof(P2PCamEndpointOptions.MaxViewersPerStream), (o, value) => o.MaxViewersPerStream = value)
        .Whole(nameof(P2PCamEndpointOptions.MaxMessagesPerSecond), (o, value) => o.MaxMessagesPerSecond = value)
        .Time(nameof(P2PCamEndpointOptions.HelloTimeout), (o, value) => o.HelloTimeout = value)
        .Time(nameof(P2PCamEndpointOptions.KeepAliveInterval), (o, value) => o.KeepAliveInterval = value)
        .Time(nameof(P2PCamEndpointOptions.KeepAliveTimeout), (o, value) => o.KeepAliveTimeout = value);

    // One address, a list of them, or sections with Urls, Username and Credential: the fields of a browser's RTCIceServer.
    private static string? AddIceServers(IConfigurationSection section, P2PCamEndpointOptions options)
    {
        const string Right = "addresses such as stun:host:3478, or sections with Urls, Username and Credential";
        var plain = SettingKinds.TextsOf(section).ToList();
        if (plain.Count > 0)
        {
            options.IceServers.Add(new IceServer(plain));
        }

        foreach (var server in section.GetChildren().Where(child => child.Value is null))
        {
            var urls = SettingKinds.TextsOf(server.GetSection("Urls")).ToList();
            if (urls.Count == 0 || server.GetChildren().Any(child => child.Key.ToUpperInvariant() is not ("URLS" or "USERNAME" or "CREDENTIAL")))
            {
                return Right;
            }

            options.IceServers.Add(new IceServer(urls, server["Username"], server["Credential"]));
        }

        return options.IceServers.All(server => server.Urls.All(IsIceAddress)) ? null : Right;
    }

    private static bool IsIceAddress(string url) => url.Split(':')[0].ToUpperInvariant() is "STUN" or "STUNS" or "TURN" or "TURNS" && url.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && colon + 1 < url.Length;

    private static string? AddTurnServers(IConfigurationSection section, P2PCamEndpointOptions options)
    {
        const string Right = "sections with Uri (turn:host:3478), Secret (coturn's static-auth-secret) and, if wanted, Lifetime (1 min to 48 h)";
        foreach (var server in section.GetChildren())
        {
            TimeSpan? lifetime = SettingKinds.TryParseTime(server["Lifetime"] ?? "", out var time) ? time : null;
            if (server["Uri"] is not { } uri || server["Secret"] is not { Length: > 0 } secret || (server["Lifetime"] is not null && lifetime is null)
                || server.GetChildren().Any(child => child.Key.ToUpperInvariant() is not ("URI" or "SECRET" or "LIFETIME")))
            {
                return Right;
            }

            try
            {
                options.AddTurnServer(uri, secret, lifetime);
            }
            catch (ArgumentException)
            {
                return Right;
            }
        }

        return null;
    }
}
