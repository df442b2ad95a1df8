namespace P2PCam.WebRtc.Sdp;

/// <summary>
/// The media that share one transport (RFC 9143 sections 7.1.3 and 7.3). One of them is tagged: what it says of the transport holds for all.
/// <code>
/// a=group:BUNDLE 0 1          the first media of the group that is taken and has a port is the tagged one
/// m=audio 9 ...               its ice-ufrag, fingerprint, setup, rtcp-mux, candidates are those of the bundle
/// m=video 0 ...               a=bundle-only: with nothing of these
/// </code>
/// </summary>
internal sealed class MediaBundle
{
    private readonly List<MediaDescription> _members;

    private MediaBundle(SdpGroup? group, List<MediaDescription> members, MediaDescription tagged, MediaDescription about)
    {
        (IsGroup, _members, Tagged) = (group is not null, members, tagged);
        Transport = tagged == about ? about.Transport : tagged.Transport.Over(about.Transport);
        CandidateSource = tagged.Candidates.Count > 0 || tagged.HasEndOfCandidates ? tagged : about;
    }

    /// <summary>Whether there is a group at all; else this is about one media alone.</summary>
    public bool IsGroup { get; }

    /// <summary>The media whose transport all use.</summary>
    public MediaDescription Tagged { get; }

    /// <summary>What that transport is. Where the tagged media leaves gaps, the media that was asked about fills them.</summary>
    public SdpTransport Transport { get; }

    /// <summary>The media whose candidates lead to the transport.</summary>
    public MediaDescription CandidateSource { get; }

    /// <summary>The names of those that are taken, the tagged one first, then in the order of the group.</summary>
    public IEnumerable<string> Mids => _members.Where(media => media != Tagged).Prepend(Tagged).Select(media => media.Mid!);

    public bool Contains(MediaDescription media) => _members.Contains(media);

    /// <summary>The bundle that a media is in, as its description stands: nothing in it is refused but what has no port.</summary>
    public static MediaBundle Of(SessionDescription description, MediaDescription media) => Of(description, media, _ => true);

    /// <summary>
    /// The bundle that will be answered for a media of an offer. The tagged media stays, though nothing will be sent on it, where its going would take
    /// the transport along: Chromium with max-bundle breaks off then, and GStreamer finds no path. Where the media that is taken brings another
    /// transport, that one is tagged instead (RFC 9143 section 7.3.1).
    /// </summary>
    /// <param name="offer">What is answered.</param>
    /// <param name="media">The media that is taken.</param>
    /// <param name="isKept">Whether one beside it is kept.</param>
    public static MediaBundle ForAnswer(SessionDescription offer, MediaDescription media, Func<MediaDescription, bool> isKept)
    {
        var tagged = Of(offer, media).Tagged;
        return Of(offer, media, each => isKept(each) || (each == tagged && !BringsAnotherTransport(media, tagged)));
    }

    private static MediaBundle Of(SessionDescription description, MediaDescription media, Func<MediaDescription, bool> isTaken)
    {
        if (description.FindBundle(media) is not { } group)
        {
            return new MediaBundle(null, [media], media, media);
        }

        // Names of no media are passed over: FFmpeg's muxer names an audio that it does not have.
        List<MediaDescription> members = [.. group.Mids.Distinct()
            .Select(description.FindByMid)
            .OfType<MediaDescription>()
            .Where(each => each == media || (each.IsUsable && isTaken(each)))];
        return new MediaBundle(group, members, members.Find(each => each is { Port: not 0 }) ?? media, media);
    }

    // Whether an offer is of one transport or of several until its answer comes, a policy that it does not name, shows by credentials and candidates.
    private static bool BringsAnotherTransport(MediaDescription media, MediaDescription tagged) =>
        media is { Port: not 0, IsBundleOnly: false, Transport.IsWhole: true }
        && (media.Transport.IceUfrag != tagged.Transport.IceUfrag || media.Candidates.Except(tagged.Candidates).Any());
}
