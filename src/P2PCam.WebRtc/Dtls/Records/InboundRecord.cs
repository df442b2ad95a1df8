namespace P2PCam.WebRtc.Dtls.Records;

/// <summary>
/// A record on its way to the handshake: a piece of a whole message with its handshake header, to be put into an epoch 0 record; or an
/// encrypted record as it came.
/// </summary>
/// <param name="Bytes">Handshake header and body, or the record.</param>
/// <param name="IsEncrypted">The second of these two.</param>
/// <param name="EndOf">The message that ends with this piece, if one does.</param>
/// <param name="IsRepeat">The peer sent it before: it does not move the handshake on.</param>
internal readonly record struct InboundRecord(byte[] Bytes, bool IsEncrypted, HandshakeType EndOf = default, bool IsRepeat = false);
