using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace P2PCam.WebRtc.Dtls.Peers;

/// <summary>Our side as the client: DTLS 1.2, all our SRTP profiles offered, our certificate shown.</summary>
internal sealed class DtlsClientPeer(DtlsNegotiation negotiation, int realTimeoutMilliseconds)
    : AbstractTlsClient(new BcTlsCrypto()), TlsAuthentication
{
    public override bool IgnoreCorruptDtlsRecords => true;

    public override int GetHandshakeTimeoutMillis() => realTimeoutMilliseconds;

    public override int GetHandshakeResendTimeMillis() => HandshakeLink.LibraryResendMilliseconds;

    public override int GetMaxHandshakeMessageSize() => negotiation.Options.MaxMessageBytes;

    public override bool RequiresExtendedMasterSecret() => true;

    protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.DTLSv12.Only();

    protected override int[] GetSupportedCipherSuites() => DtlsNegotiation.ClientCipherSuites;

    protected override IList<int> GetSupportedGroups(IList<int> namedGroupRoles) => DtlsNegotiation.Groups;

    protected override IList<SignatureAndHashAlgorithm> GetSupportedSignatureAlgorithms() => [.. DtlsNegotiation.PeerSignatures];

    public override IDictionary<int, byte[]> GetClientExtensions()
    {
        var extensions = base.GetClientExtensions();
        TlsSrtpUtilities.AddUseSrtpExtension(extensions, negotiation.OfferProfiles());
        return extensions;
    }

    public override void ProcessServerExtensions(IDictionary<int, byte[]> serverExtensions)
    {
        base.ProcessServerExtensions(serverExtensions);
        negotiation.TakeProfile(serverExtensions is null ? null : TlsSrtpUtilities.GetUseSrtpExtension(serverExtensions));
    }

    public override TlsAuthentication GetAuthentication() => this;

    public void NotifyServerCertificate(TlsServerCertificate serverCertificate) =>
        negotiation.CheckPeerCertificate(serverCertificate.Certificate);

    public TlsCredentials GetClientCredentials(CertificateRequest certificateRequest) => negotiation.CreateCredentials(m_context);

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
