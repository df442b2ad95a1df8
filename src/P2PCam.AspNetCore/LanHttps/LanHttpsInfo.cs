using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using P2PCam.AspNetCore.LanHttps;
using P2PCam.AspNetCore.Network;

namespace P2PCam.AspNetCore;

/// <summary>What <c>UseP2PCamLanHttps</c> set up, for showing it to people. A singleton service.</summary>
public sealed class LanHttpsInfo
{
    private readonly LanHttpsOptions _options;
    private readonly IServer _server;
    private readonly IServerCertificate _certificate;
    private IReadOnlyList<LanName> _names = [];

    internal LanHttpsInfo(LanHttpsOptions options, IServer server, IServerCertificate certificate) =>
        (_options, _server, _certificate) = (options, server, certificate);

    /// <summary>SHA-256 of the local authority's certificate as hex pairs with colons; null when the certificate is the user's own.</summary>
    public string? AuthorityFingerprint => Anchor?.Fingerprint;

    /// <summary>The port that is listened on; what was asked for until the server has started.</summary>
    public int Port =>
        _server.Features.Get<IServerAddressesFeature>()?.Addresses.Select(address => Microsoft.AspNetCore.Http.BindingAddress.Parse(address).Port).FirstOrDefault(port => port > 0) is { } port and > 0
            ? port
            : _options.Port;

    internal TrustAnchor? Anchor => _certificate.Anchor;

    /// <summary>Host names that the options or the user's own certificate give this machine; a certificate's may begin with <c>*.</c>.</summary>
    internal IReadOnlyList<string> ExtraNames => [.. _options.HostNames.Concat(_certificate.OwnNames).Select(name => name.Trim().Trim('.').ToLowerInvariant()).Distinct()];

    /// <summary>The addresses that devices can open, the likeliest first. Names are left out, unless <see cref="GetUrlsAsync"/> has found out before that they lead here.</summary>
    /// <param name="includeVirtual">Whether to list those of virtual machines, containers and tunnels even where there are others.</param>
    /// <param name="includeLoopback">Whether to list the one that works on this machine only.</param>
    public IReadOnlyList<LanUrl> GetUrls(bool includeVirtual = false, bool includeLoopback = false) =>
        LanUrls.List(NetworkCard.ReadAll(), _names, _options.AllowHttp ? "http" : "https", Port, includeVirtual, includeLoopback);

    /// <summary>
    /// The addresses that devices can open, the likeliest first, and the names that lead here: of <c>name.local</c> by asking the local network, of others by asking DNS. Takes
    /// 1 s at most.
    /// </summary>
    /// <param name="includeVirtual">Whether to list those of virtual machines, containers and tunnels even where there are others.</param>
    /// <param name="includeLoopback">Whether to list the one that works on this machine only.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async Task<IReadOnlyList<LanUrl>> GetUrlsAsync(bool includeVirtual = false, bool includeLoopback = false, CancellationToken cancellationToken = default)
    {
        _names = await NameSearch.FindAsync(LocalIdentity.Read(), _certificate.OwnNames, ExtraNames, cancellationToken);
        return GetUrls(includeVirtual, includeLoopback);
    }
}

/// <summary>One address of this host.</summary>
/// <param name="Url">Without a trailing slash, for example <c>https://192.168.1.20:3000</c>.</param>
/// <param name="Via">The network card, or how the name is found, for example <c>mDNS</c>.</param>
public sealed record LanUrl(string Url, string Via);
