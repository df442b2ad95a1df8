using P2PCam.AspNetCore;

namespace Rendezvous;

/// <summary>What the command line, environment (<c>P2PCAM_PORT</c> ...) or appsettings.json says.</summary>
internal sealed record Settings(int Port, bool Https, string? Redis, string[] AllowedHosts, string[] AllowedOrigins, int MaxConnections)
{
    public static Settings Read(ConfigurationManager configuration)
    {
        configuration.AddEnvironmentVariables("P2PCAM_");
        var port = configuration.GetValue("port", 8080);
        if (port is < 0 or > 65535)
        {
            throw new ArgumentException($"--port {port}: a port is 0 to 65535.");
        }

        return new Settings(
            port,
            configuration.GetValue("https", false),
            configuration["redis"],
            ListOf(configuration["allow-host"]),
            ListOf(configuration["allow-origin"]),
            configuration.GetValue("max-connections", 5000));
    }

    public void Apply(P2PCamEndpointOptions options)
    {
        options.AllowBroadcasters = true;
        options.MaxConnections = MaxConnections;
        AllowedHosts.ToList().ForEach(options.AllowedHosts.Add);
        AllowedOrigins.ToList().ForEach(options.AllowedOrigins.Add);
    }

    private static string[] ListOf(string? text) => text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
