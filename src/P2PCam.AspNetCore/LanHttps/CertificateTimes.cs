using System.Security.Cryptography.X509Certificates;

namespace P2PCam.AspNetCore.LanHttps;

/// <summary>
/// From when until when certificates are good, and when one has to be made anew. A clock can be wrong: without a battery a computer starts years back until the network
/// sets it, and some start ahead. So the authority covers more than the clock says, and a certificate always lies within its authority (RFC 5280 section 6.1: both
/// must be valid at the moment of the visit, by the visitor's clock).
/// </summary>
internal static class CertificateTimes
{
    /// <summary>This program did not exist before: a clock that says so is behind.</summary>
    public static readonly DateTimeOffset Earliest = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What a certificate lives.</summary>
    public static readonly TimeSpan LeafLifetime = TimeSpan.FromDays(90);

    // The longest that Apple's systems take of an authority that was installed by hand is 825 days.
    private static readonly TimeSpan LeafLifetimeByWrongClock = TimeSpan.FromDays(800);
    private const int AuthorityYears = 10;

    /// <summary>Clocks in a house differ; a certificate from the future is refused.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromDays(1);

    private static readonly DateTimeOffset First = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset Last = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Begins before any clock that is ahead, and does not end soon after one that is behind.</summary>
    public static (DateTimeOffset NotBefore, DateTimeOffset NotAfter) OfAuthority(DateTimeOffset now)
    {
        now = Clamp(now, First, Last);
        return ((now < Earliest ? now : Earliest) - ClockSkew, (now > Earliest ? now : Earliest).AddYears(AuthorityYears));
    }

    /// <summary>Within the authority's, whatever the clock says. By a clock that is surely behind it lasts long, since nobody knows what time it is.</summary>
    public static (DateTimeOffset NotBefore, DateTimeOffset NotAfter) OfLeaf(X509Certificate2 authority, DateTimeOffset now)
    {
        var (from, until) = Of(authority);
        var likely = Likely(authority, now);
        var notAfter = likely + (IsBehind(authority, now) ? LeafLifetimeByWrongClock : LeafLifetime);
        return (Clamp(likely - ClockSkew, from, until), Clamp(notAfter, from, until));
    }

    /// <summary>Whether a certificate has to be made anew: at two thirds of its life, or because the clock went back to before it.</summary>
    public static bool IsDue(X509Certificate2 leaf, X509Certificate2 authority, DateTimeOffset now)
    {
        var ((from, until), likely) = (Of(leaf), Likely(authority, now));

        // The authority gives no more than it has itself.
        return likely < from || (likely >= from + ((until - from) * 2 / 3) && until < Of(authority).NotAfter);
    }

    /// <summary>Whether the clock says a time at which there was no such program, or not yet this authority.</summary>
    public static bool IsBehind(X509Certificate2 authority, DateTimeOffset now) => now < Earliest || now < Of(authority).NotBefore;

    public static bool HasExpired(X509Certificate2 authority, DateTimeOffset now) => now >= Of(authority).NotAfter;

    /// <summary>Whether an authority was over before there was this program: one that was made by a clock that was behind, of use to nobody.</summary>
    public static bool WasMadeByWrongClock(X509Certificate2 authority) => Of(authority).NotAfter <= Earliest;

    // The time that it is at least, and while the authority lives.
    private static DateTimeOffset Likely(X509Certificate2 authority, DateTimeOffset now)
    {
        var (from, until) = Of(authority);
        return Clamp(now > Earliest ? now : Earliest, from + ClockSkew, until);
    }

    private static (DateTimeOffset NotBefore, DateTimeOffset NotAfter) Of(X509Certificate2 certificate) => (certificate.NotBefore, certificate.NotAfter);

    private static DateTimeOffset Clamp(DateTimeOffset value, DateTimeOffset least, DateTimeOffset most) => value < least ? least : value > most ? most : value;
}
