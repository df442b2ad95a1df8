using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using P2PCam.AspNetCore.Network;

namespace P2PCam.AspNetCore.LanHttps;

/// <summary>
/// A certificate of the local authority for whatever this machine is called now: made anew at two thirds of its life and when names or
/// addresses change, at the next handshake, without a restart.
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
    private DateTimeOffset _renewAt;
    private (IReadOnlyList<string> Names, IReadOnlyList<IPAddress> Addresses) _subjects = ([], []);
    private LocalIdentity? _seen;

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
                if (_context is null || !ReferenceEquals(identity, _seen) || now >= _renewAt)
                {
                    _seen = identity;
                    Refresh(SubjectsOf(identity), now);
                }

                return _context!;
            }
        }
    }

    private void Refresh((IReadOnlyList<string> Names, IReadOnlyList<IPAddress> Addresses) subjects, DateTimeOffset now)
    {
        if (_context is not null && now < _renewAt && IsSame(subjects, _subjects))
        {
            return;
        }

        // Only at start: browsers remember an exception for one certificate, so a restart should show the same.
        if (_context is null && _store.LoadLeaf(_authority) is { } stored)
        {
            if (now >= stored.NotBefore && now < RenewalTime(stored) && IsSame(subjects, ReadSubjects(stored)))
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
        (_renewAt, _subjects) = (RenewalTime(leaf), subjects);
        _context = SslStreamCertificateContext.Create(KeyUsableForTls.Of(leaf), [_authority], offline: true);
        leaf.Dispose();
    }

    /// <summary>One name that the authority may not vouch for would make browsers refuse the whole certificate.</summary>
    private (IReadOnlyList<string> Names, IReadOnlyList<IPAddress> Addresses) SubjectsOf(LocalIdentity identity) => (
        [.. identity.Names.Concat(_extraNames).Where(_constraints.Permits).Distinct()],
        [.. identity.Addresses.Where(NameConstraints.Permits)]);

    private static DateTimeOffset RenewalTime(X509Certificate2 leaf) => leaf.NotBefore + ((leaf.NotAfter - leaf.NotBefore) * 2 / 3);

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
}
