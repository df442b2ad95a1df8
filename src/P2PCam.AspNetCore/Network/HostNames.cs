using System.Globalization;
using System.Text;

namespace P2PCam.AspNetCore.Network;

/// <summary>
/// Which names a machine can go by. The one rule for what is printed, what the certificate names and which Host headers are let in.
/// </summary>
internal static class HostNames
{
    private const int LongestLabel = 63;
    private const int LongestName = 253;
    private static readonly IdnMapping Idn = new();

    /// <summary>
    /// RFC 1123 section 2.1: letters, digits and hyphens; and underscores, which Windows allows in the names of machines and browsers take, in addresses and in certificates.
    /// </summary>
    public static bool IsHostName(string name) =>
        name is { Length: > 0 and <= LongestName } && name.Split('.').All(label =>
            label is { Length: > 0 and <= LongestLabel } && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));

    /// <summary>The name as browsers send it, <c>xn--kche-0ra.example</c> for <c>küche.example</c> (RFC 5891 section 4); null if it is none.</summary>
    public static string? ToAscii(string name)
    {
        if (Ascii.IsValid(name))
        {
            return name;
        }

        try
        {
            return Idn.GetAscii(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// The first labels under which a machine of this name may be found: its own, and what responders of mDNS (RFC 6762) make of one that DNS does not take. Avahi leaves such
    /// characters out, Apple's and systemd's write hyphens.
    /// </summary>
    public static IEnumerable<string> Labels(string machineName)
    {
        var bare = machineName.Trim().Trim('.').ToLowerInvariant().Split('.')[0];
        if (IsHostName(bare))
        {
            yield return bare;
        }

        if (!IsHostName(bare) || !bare.All(IsPlain))
        {
            foreach (var made in new[] { string.Concat(bare.Where(IsPlain)), Hyphenated(bare) }.Select(label => label.Trim('-')).Where(IsHostName).Distinct())
            {
                yield return made;
            }
        }
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c == '-';

    private static string Hyphenated(string name)
    {
        var label = new StringBuilder();
        foreach (var c in name)
        {
            _ = IsPlain(c) ? label.Append(c) : label.Length > 0 && label[^1] == '-' ? label : label.Append('-');
        }

        return label.ToString();
    }
}
