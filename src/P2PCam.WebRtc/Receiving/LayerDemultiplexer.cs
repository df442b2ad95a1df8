using System.Text;
using P2PCam.WebRtc.Rtp;

namespace P2PCam.WebRtc.Receiving;

/// <summary>
/// Which simulcast layer a packet is of: by the RID or, for retransmissions, the repaired RID in its header extension (RFC 8852), which senders leave
/// out once they know that their SSRCs are known.
/// </summary>
internal sealed class LayerDemultiplexer
{
    // Each layer has two SSRCs, and a new pair now and then; what invents more gets no memory for it.
    private const int MaxSources = 64;
    private readonly byte[][] _rids;
    private readonly HeaderExtensionIds _ids;
    private readonly Dictionary<uint, int> _sources = [];

    public LayerDemultiplexer(IReadOnlyList<string> rids, in HeaderExtensionIds ids)
    {
        _rids = [.. rids.Select(Encoding.ASCII.GetBytes)];
        _ids = ids;
    }

    /// <summary>The layer's index; -1 for a packet of none.</summary>
    public int Find(in RtpPacketView packet)
    {
        if (_rids.Length == 0)
        {
            return 0;
        }

        foreach (var extension in packet.Extensions)
        {
            if ((extension.Id == _ids.Rid || extension.Id == _ids.RepairedRid) && IndexOf(extension.Data) is >= 0 and var named)
            {
                Remember(packet.Ssrc, named);
                return named;
            }
        }

        // Of one layer a packet without a name can only be.
        return _sources.TryGetValue(packet.Ssrc, out var known) ? known : _rids.Length == 1 ? 0 : -1;
    }

    /// <summary>Notes whose a source is that does not say so.</summary>
    public void Remember(uint ssrc, int layer)
    {
        if (_sources.Count >= MaxSources && !_sources.ContainsKey(ssrc))
        {
            _sources.Clear();
        }

        _sources[ssrc] = layer;
    }

    private int IndexOf(ReadOnlySpan<byte> rid)
    {
        for (var i = 0; i < _rids.Length; i++)
        {
            if (rid.SequenceEqual(_rids[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
