using System.Security.Cryptography;

namespace P2PCam.AspNetCore.Security;

/// <summary>A TURN server whose secret we share. A class, so that nothing prints the secret.</summary>
internal sealed class TurnServer(string uri, string secret, TimeSpan lifetime)
{
    private const int IdBytes = 8;

    /// <summary>For one participant. The id is random: what stands in the TURN server's log must not lead to a viewer.</summary>
    public IceServer Issue(DateTimeOffset now)
    {
        var credentials = TurnCredentials.Create(secret, now + lifetime, RandomNumberGenerator.GetHexString(2 * IdBytes, lowercase: true));
        return new IceServer([uri], credentials.Username, credentials.Credential);
    }
}
