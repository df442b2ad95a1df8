using System.Text;
using P2PCam.WebRtc.Stun;

namespace P2PCam.WebRtc.Ice;

/// <summary>
/// The messages of connectivity checks (RFC 8445 sections 7.1 and 7.3):
/// <code>
/// request:  USERNAME "theirs:ours", PRIORITY, ICE-CONTROLLED or ICE-CONTROLLING, [USE-CANDIDATE]
/// success:  XOR-MAPPED-ADDRESS
/// error:    ERROR-CODE, [UNKNOWN-ATTRIBUTES]
/// each:     ..., MESSAGE-INTEGRITY (keyed with the password of whoever gets the request), FINGERPRINT
/// </code>
/// </summary>
internal static class IceMessages
{
    public static int WriteCheck(Span<byte> buffer, in IceTransmit transmit, IceCredentials local, IceCredentials remote, ulong tieBreaker)
    {
        var writer = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, transmit.Id);
        Span<byte> username = stackalloc byte[remote.UfragBytes.Length + 1 + local.UfragBytes.Length];
        remote.UfragBytes.CopyTo(username);
        username[remote.UfragBytes.Length] = (byte)':';
        local.UfragBytes.CopyTo(username[(remote.UfragBytes.Length + 1)..]);
        writer.Add(StunAttributeType.Username, username);
        writer.AddUInt32(StunAttributeType.Priority, transmit.Priority);
        var role = transmit.Role == IceRole.Controlling ? StunAttributeType.IceControlling : StunAttributeType.IceControlled;
        writer.AddUInt64(role, tieBreaker);
        if (transmit.UseCandidate)
        {
            writer.AddFlag(StunAttributeType.UseCandidate);
        }

        writer.AddMessageIntegrity(remote.Key);
        writer.AddFingerprint();
        return writer.Length;
    }

    public static int WriteResponse(Span<byte> buffer, in IceTransmit transmit, IceCredentials local)
    {
        var messageClass = transmit.Kind == IceTransmitKind.Success ? StunClass.SuccessResponse : StunClass.ErrorResponse;
        var writer = new StunWriter(buffer, messageClass, StunMethod.Binding, transmit.Id);
        switch (transmit.Kind)
        {
            case IceTransmitKind.RoleConflict:
                writer.AddErrorCode(487, "Role Conflict");
                break;
            case IceTransmitKind.UnknownAttribute:
                writer.AddErrorCode(420, "Unknown Attribute");
                writer.AddUnknownAttributes([transmit.UnknownAttribute]);
                break;
            default:
                writer.AddXorAddress(StunAttributeType.XorMappedAddress, transmit.Remote);
                break;
        }

        writer.AddMessageIntegrity(local.Key);
        writer.AddFingerprint();
        return writer.Length;
    }

    /// <summary>
    /// Whether USERNAME is "ours:theirs". While their ufrag is not known, ours must match and theirs may be anything of legal length.
    /// </summary>
    public static bool IsUsernameForUs(
        ReadOnlySpan<byte> username, IceCredentials local, IceCredentials? remote, out ReadOnlySpan<byte> theirs)
    {
        theirs = default;
        var ours = local.UfragBytes.Length;
        if (username.Length <= ours + 1 || username[ours] != ':' || !username[..ours].SequenceEqual(local.UfragBytes))
        {
            return false;
        }

        theirs = username[(ours + 1)..];
        return remote is null ? theirs.Length <= 256 : theirs.SequenceEqual(remote.UfragBytes);
    }

    public static string TextOf(ReadOnlySpan<byte> ufrag) => Encoding.Latin1.GetString(ufrag);
}
