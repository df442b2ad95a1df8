namespace P2PCam.WebRtc.Tests.Sdp;

/// <summary>What browsers answered when they were given the offer of <see cref="OfferTests"/> and a canvas to send (2026-11-23).</summary>
internal static class CapturedAnswers
{
    /// <summary>Chromium 156.</summary>
    public const string Chromium = """
        v=0
        o=- 6540135799561641649 2 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0
        a=msid-semantic: WMS 6cd23e50-dbaa-41ce-b93e-14633dd69f67
        m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99
        c=IN IP4 0.0.0.0
        a=rtcp:9 IN IP4 0.0.0.0
        a=ice-ufrag:CR5J
        a=ice-pwd:vogWAfT0bkVLh5AbV3Y5Ob6b
        a=ice-options:trickle
        a=fingerprint:sha-256 F9:2E:38:9D:4F:B8:FF:D2:C2:D6:6B:04:1C:BC:A2:2A:C3:B5:23:71:50:5E:D8:77:95:7B:42:A4:6B:CE:95:D9
        a=setup:active
        a=mid:0
        a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
        a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
        a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
        a=sendonly
        a=msid:6cd23e50-dbaa-41ce-b93e-14633dd69f67 f664c094-eba2-46c3-bae3-fa80e8323445
        a=rtcp-mux
        a=rtcp-rsize
        a=rtpmap:96 VP8/90000
        a=rtcp-fb:96 goog-remb
        a=rtcp-fb:96 transport-cc
        a=rtcp-fb:96 ccm fir
        a=rtcp-fb:96 nack
        a=rtcp-fb:96 nack pli
        a=rtpmap:97 rtx/90000
        a=fmtp:97 apt=96
        a=rtpmap:98 H264/90000
        a=rtcp-fb:98 goog-remb
        a=rtcp-fb:98 transport-cc
        a=rtcp-fb:98 ccm fir
        a=rtcp-fb:98 nack
        a=rtcp-fb:98 nack pli
        a=fmtp:98 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
        a=rtpmap:99 rtx/90000
        a=fmtp:99 apt=98
        a=ssrc-group:FID 2766363560 336012902
        a=ssrc:2766363560 cname:bU2Atan/g0i0f224
        a=ssrc:336012902 cname:bU2Atan/g0i0f224

        """;

    /// <summary>Firefox 153, which has no H.264 here.</summary>
    public const string Firefox = """
        v=0
        o=mozilla...THIS_IS_SDPARTA-99.0 5240887271285971289 0 IN IP4 0.0.0.0
        s=-
        t=0 0
        a=sendrecv
        a=fingerprint:sha-256 AF:05:08:E6:EF:83:E9:2A:52:13:6B:56:17:1D:39:39:8D:AD:69:68:01:A5:9B:01:8F:96:80:B1:18:26:07:74
        a=group:BUNDLE 0
        a=ice-options:trickle
        a=msid-semantic:WMS *
        m=video 9 UDP/TLS/RTP/SAVPF 96 97
        c=IN IP4 0.0.0.0
        a=sendonly
        a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
        a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
        a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
        a=fmtp:96 max-fs=12288;max-fr=60
        a=fmtp:97 apt=96
        a=ice-pwd:7dd4b2ff8b51298d36f8691670ff18a2
        a=ice-ufrag:af84e833
        a=mid:0
        a=msid:{02121fee-8df4-4241-89d4-d71353455aa2} {e33e7770-2980-4154-8753-615f633111f2}
        a=rtcp-fb:96 nack
        a=rtcp-fb:96 nack pli
        a=rtcp-fb:96 ccm fir
        a=rtcp-fb:96 goog-remb
        a=rtcp-fb:96 transport-cc
        a=rtcp-mux
        a=rtcp-rsize
        a=rtpmap:96 VP8/90000
        a=rtpmap:97 rtx/90000
        a=setup:active
        a=ssrc:1929169442 cname:{2e9e0ea1-a8ad-4913-9d43-8fcb2c748944}
        a=ssrc:10387005 cname:{2e9e0ea1-a8ad-4913-9d43-8fcb2c748944}
        a=ssrc-group:FID 1929169442 10387005

        """;
}
