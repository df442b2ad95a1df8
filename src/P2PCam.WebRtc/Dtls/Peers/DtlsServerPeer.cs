using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace P2PCam.WebRtc.Dtls.Peers;

/// <summary>Our side as the server: DTLS 1.2, client certificate required, one SRTP profile chosen.</summary>
internal sealed class DtlsServerPeer(DtlsNegotiation negotiation, int realTimeoutMilliseconds) : AbstractTlsServer(new BcTlsCrypto())
{
    private UseSrtpData? _chosen;

    public override bool IgnoreCorruptDtlsRecords => true;

    public override int GetHandshakeTimeoutMillis() => realTimeoutMilliseconds;

    public override int GetHandshakeResendTimeMillis() => HandshakeLink.LibraryResendMilliseconds;

    public override int GetMaxHandshakeMessageSize() => negotiation.Options.MaxMessageBytes;

    public override bool RequiresExtendedMasterSecret() => true;

    protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

    protected override int[] GetSupportedCipherSuites() => DtlsNegotiation.CipherSuites;

    public override int[] GetSupportedGroups() => DtlsNegotiation.Groups;

    public override bool PreferLocalSupportedGroups() => true;

    protected override bool PreferLocalCipherSuites() => true;

    public override void ProcessClientExtensions(IDictionary<int, byte[]> clientExtensions)
    {
        base.ProcessClientExtensions(clientExtensions);
        if (clientExtensions is null || !clientExtensions.ContainsKey(ExtensionType.extended_master_secret))
        {
            throw negotiation.Fail(
                DtlsFailure.NoExtendedMasterSecret, AlertDescription.handshake_failure, "The client offers no extended_master_secret.");
        }

        _chosen = negotiation.ChooseProfile(TlsSrtpUtilities.GetUseSrtpExtension(clientExtensions));
    }

    public override IDictionary<int, byte[]> GetServerExtensions()
    {
        var extensions = base.GetServerExtensions() ?? new Dictionary<int, byte[]>();
        TlsSrtpUtilities.AddUseSrtpExtension(extensions, _chosen);
        return extensions;
    }

    public override TlsCredentials GetCredentials() => negotiation.CreateCredentials(m_context);

    public override CertificateRequest GetCertificateRequest() =>
        new([ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign], [.. DtlsNegotiation.PeerSignatures], null);

    public override void NotifyClientCertificate(Certificate clientCertificate) => negotiation.CheckPeerCertificate(clientCertificate);

    public override void NotifyAlertReceived(short alertLevel, short alertDescription) =>
        negotiation.AlertReceived(alertLevel, alertDescription);

    public override void NotifyAlertRaised(short alertLevel, short alertDescription, string? message, Exception? cause) =>
        negotiation.AlertRaised(alertLevel, alertDescription, message);

    public override void NotifyHandshakeBeginning()
    {
        base.NotifyHandshakeBeginning();
        negotiation.Begin(m_context);
    }

    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        negotiation.Complete(m_context);
    }
}
