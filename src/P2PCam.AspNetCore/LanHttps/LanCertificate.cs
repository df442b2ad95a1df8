using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using P2PCam.AspNetCore.Network;

namespace P2PCam.AspNetCore.LanHttps;

/// <summary>
/// A certificate of the local authority for whatever this machine is called now: made anew at two thirds of its life, when names or
/// addresses change and when the clock was set, at the next handshake, without a restart.
/// </summary>
internal sealed partial class LanCertificate : IServerCertificate
{
    private readonly Lock _gate = new();
    private readonly LocalIdentitySource _identity;
    private readonly IReadOnlyList<string> _extraNames;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly CertificateStore _store;
    private readonly X509Certificate2 _authority;
    private readonly NameConstraints _constraints;
    private SslStreamCertificateContext? _context;
    private X509Certificate2? _leaf;
    private (IReadOnlyList<string> Names, IReadOnlyList<IPAddress> Addresses) _subjects = ([], []);
    private LocalIdentity? _seen;
    private bool _wasBehind;
    private bool _wasExpired;

    /// <exception cref="P2PException">The authority on disk is unusable, or the folder is not the user's alone.</exception>
    public LanCertificate(LanHttpsOptions options, LocalIdentitySource identity, TimeProvider timeProvider, ILogger logger)
    {
        (_identity, _timeProvider, _logger) = (identity, timeProvider, logger);
        _extraNames = [.. options.HostNames.Select(name => name.Trim().Trim('.').ToLowerInvariant())];
        _store = new CertificateStore(Path.Combine(options.DataDirectory ?? CertificateStore.DefaultDataDirectory(), "https"), logger);
        var now = timeProvider.GetUtcNow();
        _authority = _store.LoadOrCreateAuthority(
            options.ResetAuthority, now, () => CertificateFactory.CreateAuthority(identity.Current.HostName, NameConstraints.For(identity.Current.Names), now));
        _constraints = NameConstraints.Read(_authority);
        Anchor = new TrustAnchor(_authority.GetNameInfo(X509NameType.SimpleName, forIssuer: false), _authority.RawData, _authority.GetCertHash(HashAlgorithmName.SHA256));
        foreach (var name in _extraNames.Where(name => !_constraints.Permits(name)))
        {
            LogNameNotPermitted(name);
        }
    }

    public TrustAnchor Anchor { get; }

    TrustAnchor? IServerCertificate.Anchor => Anchor;

    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_gate)
            {
                var identity = _identity.Current;
                var now = _timeProvider.GetUtcNow();
                if (_leaf is null || !ReferenceEquals(identity, _seen) || CertificateTimes.IsDue(_leaf, _authority, now))
                {
                    _seen = identity;
                    Refresh(SubjectsOf(identity), now);
                }

                SayWhatIsWrongWithTheClock(now);

                return _context!;
            }
        }
    }

    private void Refresh((IReadOnlyList<string> Names, IReadOnlyList<IPAddress> Addresses) subjects, DateTimeOffset now)
    {
        if (_leaf is not null && !CertificateTimes.IsDue(_leaf, _authority, now) && IsSame(subjects, _subjects))
        {
            return;
        }

        // Only at start: browsers remember an exception for one certificate, so a restart should show the same.
        if (_leaf is null && _store.LoadLeaf(_authority) is { } stored)
        {
            if (!CertificateTimes.IsDue(stored, _authority, now) && IsSame(subjects, ReadSubjects(stored)))
            {
                Use(stored, subjects);
                return;
            }

            stored.Dispose();
        }

        var leaf = CertificateFactory.CreateLeaf(_authority, subjects.Names, subjects.Addresses, now);
        _store.SaveLeaf(leaf);
        LogLeafMade(leaf.NotAfter, subjects.Names.Count, subjects.Addresses.Count);
        Use(leaf, subjects);
    }

    private void Use(X509Certificate2 leaf, (IReadOnlyList<string> Names, IReadOnlyList<IPAddress> Addresses) subjects)
    {
        // The context before stays with the handshakes that run; the collector frees it after them.
        _context = SslStreamCertificateContext.Create(KeyUsableForTls.Of(leaf), [_authority], offline: true);
        _leaf?.Dispose();
        (_leaf, _subjects) = (leaf, subjects);
    }

    /// <summary>One name that the authority may not vouch for would make browsers refuse the whole certificate.</summary>
    private (IReadOnlyList<string> Names, IReadOnlyList<IPAddress> Addresses) SubjectsOf(LocalIdentity identity) => (
        [.. identity.Names.Concat(_extraNames).Where(_constraints.Permits).Distinct()],
        [.. identity.Addresses.Where(NameConstraints.Permits)]);

    // Once for each time that it becomes so: handshakes are many.
    private void SayWhatIsWrongWithTheClock(DateTimeOffset now)
    {
        var (isBehind, hasExpired) = (CertificateTimes.IsBehind(_authority, now), CertificateTimes.HasExpired(_authority, now));
        if (isBehind && !_wasBehind)
        {
            LogClockBehind(now, _authority.NotBefore.ToUniversalTime());
        }

        if (hasExpired && !_wasExpired)
        {
            LogAuthorityExpired(_authority.NotAfter.ToUniversalTime(), now);
        }

        (_wasBehind, _wasExpired) = (isBehind, hasExpired);
    }

    private static (IReadOnlyList<string> Names, IReadOnlyList<IPAddress> Addresses) ReadSubjects(X509Certificate2 leaf)
    {
        var alternatives = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return alternatives is null ? ([], []) : ([.. alternatives.EnumerateDnsNames()], [.. alternatives.EnumerateIPAddresses()]);
    }

    private static bool IsSame((IReadOnlyList<string> Names, IReadOnlyList<IPAddress> Addresses) left, (IReadOnlyList<string> Names, IReadOnlyList<IPAddress> Addresses) right) =>
        left.Names.ToHashSet().SetEquals(right.Names) && left.Addresses.ToHashSet().SetEquals(right.Addresses);

    [LoggerMessage(EventId = 3104, Level = LogLevel.Information, Message = "A certificate was made: valid until {NotAfter:yyyy-MM-dd}, for {Names} names and {Addresses} addresses.")]
    private partial void LogLeafMade(DateTime notAfter, int names, int addresses);

    [LoggerMessage(EventId = 3105, Level = LogLevel.Warning, Message = "P2P3015: the local authority may not vouch for '{Name}', so the certificate does not name it. Use a certificate of your own for it (CertificatePath).")]
    private partial void LogNameNotPermitted(string name);

    [LoggerMessage(EventId = 3107, Level = LogLevel.Warning, Message = "P2P3025: this machine's clock says {Now:yyyy-MM-dd}, and the certificate authority is good from {NotBefore:yyyy-MM-dd}: the clock is behind, and links may count as expired when it is set. Set it (on Linux: timedatectl set-ntp true). If it is right, it was ahead when the authority was made: make another by ResetAuthority (LanCamera: --reset-ca).")]
    private partial void LogClockBehind(DateTimeOffset now, DateTime notBefore);

    [LoggerMessage(EventId = 3108, Level = LogLevel.Error, Message = "P2P3026: the certificate authority expired on {NotAfter:yyyy-MM-dd}, and this machine's clock says {Now:yyyy-MM-dd}. Devices that trust it show warnings. If the clock is wrong, set it; else make another by ResetAuthority (LanCamera: --reset-ca) and have devices trust that.")]
    private partial void LogAuthorityExpired(DateTime notAfter, DateTimeOffset now);
}
