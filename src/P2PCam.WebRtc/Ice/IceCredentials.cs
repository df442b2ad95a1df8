using System.Text;
using P2PCam.WebRtc.Stun;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

/// <summary>One side's ufrag and password (RFC 8839 section 5.4), with the password as the key it is used as.</summary>
internal sealed class IceCredentials
{
    // RFC 8445 section 5.3 asks for 24 and 128 random bits; at 6 bits a character these have 48 and 144.
    private const int UfragLength = 8;
    private const int PasswordLength = 24;

    private IceCredentials(string ufrag, string password)
    {
        Ufrag = ufrag;
        Password = password;
        UfragBytes = Encoding.ASCII.GetBytes(ufrag);
        Key = StunIntegrity.ShortTermKey(password);
    }

    public string Ufrag { get; }

    public string Password { get; }

    public byte[] UfragBytes { get; }

    public byte[] Key { get; }

    public static IceCredentials Generate(IRandomSource random) => new(Text(random, UfragLength), Text(random, PasswordLength));

    /// <summary>
    /// Null unless the lengths are those of RFC 8839 (4..256 and 22..256) and the characters are visible ASCII without a colon: wider than
    /// ice-char, because some stacks use '-' and '_'.
    /// </summary>
    public static IceCredentials? TryCreate(string ufrag, string password) => AreValid(ufrag, password) ? new(ufrag, password) : null;

    /// <summary>The rule of <see cref="TryCreate"/>, the only one there is.</summary>
    public static bool AreValid(string ufrag, string password) => IsText(ufrag, 4) && IsText(password, 22);

    /// <summary>It in words.</summary>
    public const string Rule = "4 to 256 characters, and 22 to 256 for the password, of visible ASCII without a colon";

    public bool Matches(string ufrag, string password) => Ufrag == ufrag && Password == password;

    /// <summary>The password stays out of logs.</summary>
    public override string ToString() => $"ufrag {Ufrag}";

    private static bool IsText(ReadOnlySpan<char> text, int minimum) =>
        text.Length >= minimum && text.Length <= 256 && text.IndexOfAnyExceptInRange('!', '~') < 0 && !text.Contains(':');

    private static string Text(IRandomSource random, int length)
    {
        const string IceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        Span<byte> bytes = stackalloc byte[length];
        random.Fill(bytes);
        Span<char> text = stackalloc char[length];
        for (var i = 0; i < length; i++)
        {
            text[i] = IceChars[bytes[i] & 63];
        }

        return new string(text);
    }
}
