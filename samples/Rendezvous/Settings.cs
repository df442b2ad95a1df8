using P2PCam.AspNetCore;

namespace Rendezvous;

/// <summary>What the command line, environment (<c>P2PCAM_PORT</c> ...) or appsettings.json says.</summary>
internal sealed record Settings(int Port, bool Https, string? Redis, string? TokenKey, string[] AllowedHosts, string[] AllowedOrigins, string[] Proxies, int MaxConnections)
{
    private static readonly string[] Switches = ["--https", "--open"];

    /// <summary>Whether nobody needs a token.</summary>
    public bool IsOpen => TokenKey is null;

    /// <summary>A switch by itself means yes; .NET's reader of arguments wants a value behind each name.</summary>
    public static string[] WithValues(string[] args) =>
        [.. args.SelectMany((argument, index) => Switches.Contains(argument) && (index + 1 == args.Length || args[index + 1].StartsWith("--", StringComparison.Ordinal)) ? [argument, "true"] : (string[])[argument])];

    public static Settings Read(IConfiguration configuration)
    {
        if (configuration.GetValue("open", false) && configuration["token-key"] is not null)
        {
            throw new ArgumentException("--open lets everybody in, --token-key only who has a token: choose one.");
        }

        var port = configuration.GetValue("port", 8080);
        if (port is < 0 or > 65535)
        {
            throw new ArgumentException($"--port {port}: a port is 0 to 65535.");
        }

        return new Settings(
            port,
            configuration.GetValue("https", false),
            configuration["redis"],
            configuration["token-key"],
            ListOf(configuration["allow-host"]),
            ListOf(configuration["allow-origin"]),
            ListOf(configuration["behind-proxy"]),
            configuration.GetValue("max-connections", 5000));
    }

    public void Apply(P2PCamEndpointOptions options)
    {
        options.AllowBroadcasters = true;
        options.MaxConnections = MaxConnections;
        AllowedHosts.ToList().ForEach(options.AllowedHosts.Add);
        AllowedOrigins.ToList().ForEach(options.AllowedOrigins.Add);
    }

    public void Apply(P2PCamForwardedHeadersOptions options) => Proxies.ToList().ForEach(options.KnownProxies.Add);

    private static string[] ListOf(string? text) => text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
