using System.Globalization;
using P2PCam;
using P2PCam.AspNetCore;

namespace Rendezvous;

/// <summary><c>rendezvous token</c>: prints what a camera and its viewers need to be let in.</summary>
internal static class TokenCommand
{
    public const string Name = "token";

    public static void Run(IConfiguration configuration)
    {
        var file = configuration["token-key"] ?? throw new ArgumentException("token: name the server's key by --token-key FILE.");
        var stream = configuration["stream"] ?? "default";
        var lifetime = LifetimeOf(configuration["for"] ?? "1h");
        if (!Uri.TryCreate(configuration["server"] ?? "http://localhost:8080", UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"--server {configuration["server"]}: write the address that browsers open, for example https://meet.example.org.");
        }

        var tokens = new P2PCamTokens([TokenKeyFile.ReadOrCreate(file)]);
        Console.WriteLine($"Camera     {tokens.Create(stream, SignalingRole.Broadcaster, lifetime)}");
        Console.WriteLine($"Viewers    {tokens.CreateLink(server, stream, lifetime)}");
    }

    /// <summary><c>30m</c>, <c>12h</c>, <c>7d</c>.</summary>
    private static TimeSpan LifetimeOf(string text)
    {
        if (text.Length > 1 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1e6)
        {
            switch (text[^1])
            {
                case 'm':
                    return TimeSpan.FromMinutes(number);
                case 'h':
                    return TimeSpan.FromHours(number);
                case 'd':
                    return TimeSpan.FromDays(number);
            }
        }

        throw new ArgumentException($"--for {text}: write a number with m, h or d behind it, for example 30m, 12h or 7d.");
    }
}
