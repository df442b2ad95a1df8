using P2PCam.Configuration;

namespace P2PCam.AspNetCore.Configuration;

/// <summary>The keys below <c>P2PCam:Tokens</c>.</summary>
internal static class TokenSettings
{
    public static readonly SettingTable<P2PCamTokenOptions> Table = new SettingTable<P2PCamTokenOptions>()
        .Add(nameof(P2PCamTokenOptions.Keys), (section, options) =>
        {
            foreach (var text in SettingKinds.TextsOf(section))
            {
                var key = new byte[P2PCamTokens.KeyBytes];
                if (!Convert.TryFromBase64String(text, key, out var written) || written != key.Length)
                {
                    return $"keys of {P2PCamTokens.KeyBytes} bytes in Base64, as 'openssl rand -base64 {P2PCamTokens.KeyBytes}' makes them";
                }

                options.Keys.Add(key);
            }

            return null;
        }, isSecret: true)
        .Flag(nameof(P2PCamTokenOptions.RequireForViewers), (o, value) => o.RequireForViewers = value)
        .Flag(nameof(P2PCamTokenOptions.RequireForBroadcasters), (o, value) => o.RequireForBroadcasters = value);
}
