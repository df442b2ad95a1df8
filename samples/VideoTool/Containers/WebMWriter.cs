using System.Buffers.Binary;
using static VideoTool.Containers.WebMIds;

namespace VideoTool.Containers;

/// <summary>
/// Writes VP8 as WebM: see <see cref="WebMReader"/> for the layout. A cluster begins with each key frame, or after some seconds; cues at the end say where, so that players can seek.
/// Until then the segment's size is unknown, so that what a killed program leaves can be played too.
/// </summary>
internal sealed class WebMWriter : IFrameWriter
{
    private const long ClusterMilliseconds = 5_000;
    private const byte KeyFrameFlag = 0x80;

    private readonly Stream _stream;
    private readonly EbmlWriter _writer;
    private readonly Rational _frameRate;
    private readonly MemoryStream _cluster = new();
    private readonly EbmlWriter _clusterWriter;
    private readonly List<(long Time, long Position)> _cues = [];
    private readonly long _segmentSizeAt;
    private readonly long _segmentStart;
    private readonly long _seekPositionAt;
    private readonly long _durationAt;
    private byte[] _block = new byte[1 << 16];
    private long _clusterTime = -1;
    private bool _clusterHasKey;
    private long _end;

    public WebMWriter(Stream stream, int width, int height, Rational frameRate)
    {
        (_stream, _frameRate) = (stream, frameRate);
        (_writer, _clusterWriter) = (new EbmlWriter(stream), new EbmlWriter(_cluster));
        WriteEbmlHeader();
        _segmentSizeAt = _writer.StartUnknown(Segment);
        _segmentStart = _stream.Position;
        _seekPositionAt = WriteSeekHead();
        _durationAt = WriteInfo();
        WriteTracks(width, height);
    }

    public void Write(ReadOnlySpan<byte> data, long number, bool isKeyFrame)
    {
        var time = Milliseconds(number);
        if (_clusterTime < 0 || isKeyFrame || time - _clusterTime >= ClusterMilliseconds)
        {
            EndCluster();
            (_clusterTime, _clusterHasKey) = (time, isKeyFrame);
            _clusterWriter.Write(Timestamp, (ulong)time);
        }

        var length = 4 + data.Length;
        if (_block.Length < length)
        {
            _block = new byte[length * 2];
        }

        _block[0] = 0x81;
        BinaryPrimitives.WriteInt16BigEndian(_block.AsSpan(1), (short)(time - _clusterTime));
        _block[3] = isKeyFrame ? KeyFrameFlag : (byte)0;
        data.CopyTo(_block.AsSpan(4));
        _clusterWriter.Write(SimpleBlock, _block.AsSpan(0, length));
        _end = Milliseconds(number + 1);
    }

    public void Finish()
    {
        EndCluster();
        var cues = _stream.Position;
        WriteCues();
        var end = _stream.Position;
        Patch(_segmentSizeAt, 0x0100_0000_0000_0000UL | (ulong)(end - _segmentStart));
        Patch(_seekPositionAt, (ulong)(cues - _segmentStart));
        Patch(_durationAt, BitConverter.DoubleToUInt64Bits(_end));
        _stream.Position = end;
        _stream.Flush();
    }

    public void Dispose()
    {
        _cluster.Dispose();
        _stream.Dispose();
    }

    private long Milliseconds(long number) => (long)Math.Round(number * 1000.0 / _frameRate.Value);

    private void WriteEbmlHeader() => _writer.WriteMaster(Ebml, header =>
    {
        header.Write(EbmlVersion, 1);
        header.Write(EbmlReadVersion, 1);
        header.Write(EbmlMaxIdLength, 4);
        header.Write(EbmlMaxSizeLength, 8);
        header.Write(DocType, "webm");
        header.Write(DocTypeVersion, 4);
        header.Write(DocTypeReadVersion, 2);
    });

    // Gives where the cues' position is to be written.
    private long WriteSeekHead()
    {
        _writer.WriteMaster(SeekHead, head => head.WriteMaster(Seek, seek =>
        {
            seek.Write(SeekId, [0x1C, 0x53, 0xBB, 0x6B]);
            seek.Write(SeekPosition, new byte[8]);
        }));
        return _stream.Position - 8;
    }

    // Gives where the duration is to be written.
    private long WriteInfo()
    {
        _writer.WriteMaster(Info, info =>
        {
            info.Write(TimestampScale, 1_000_000);
            info.Write(MuxingApp, "P2PCam VideoTool");
            info.Write(WritingApp, "P2PCam VideoTool");
            info.Write(Duration, new byte[8]);
        });
        return _stream.Position - 8;
    }

    private void WriteTracks(int width, int height) => _writer.WriteMaster(Tracks, tracks => tracks.WriteMaster(TrackEntry, track =>
    {
        track.Write(TrackNumber, 1);
        track.Write(TrackUid, 1);
        track.Write(TrackType, 1);
        track.Write(FlagLacing, 0);
        track.Write(CodecId, "V_VP8");
        track.Write(DefaultDuration, (ulong)Math.Round(1e9 / _frameRate.Value));
        track.WriteMaster(Video, video =>
        {
            video.Write(PixelWidth, (ulong)width);
            video.Write(PixelHeight, (ulong)height);
        });
    }));

    private void EndCluster()
    {
        if (_clusterTime < 0)
        {
            return;
        }

        if (_clusterHasKey)
        {
            _cues.Add((_clusterTime, _stream.Position - _segmentStart));
        }

        _writer.Write(Cluster, _cluster.GetBuffer().AsSpan(0, (int)_cluster.Length));
        _cluster.SetLength(0);
        _clusterTime = -1;
        _stream.Flush();
    }

    private void WriteCues() => _writer.WriteMaster(Cues, cues =>
    {
        foreach (var (time, position) in _cues)
        {
            cues.WriteMaster(CuePoint, point =>
            {
                point.Write(CueTime, (ulong)time);
                point.WriteMaster(CueTrackPositions, positions =>
                {
                    positions.Write(CueTrack, 1);
                    positions.Write(CueClusterPosition, (ulong)position);
                });
            });
        }
    });

    private void Patch(long position, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        _stream.Position = position;
        _stream.Write(bytes);
    }
}
