using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using P2PCam.Sources.FFmpeg.H264;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.Sources.FFmpeg.Containers;

/// <summary>
/// H.264 in FLV (Adobe's Flash Video File Format Specification 10.1, annex E): each picture whole, its size ahead of it, with its time. Why FLV:
/// docs/decisions/0010.
/// <code>
/// file:  "FLV" | version | flags | header size u32 | previous size u32 | tags
/// tag:   type u8 (9 video) | size u24 | time u24 in ms | its highest byte u8 | stream u24 | body | previous size u32
/// video: frame type u(4), codec u(4) (7 H.264) | 0 configuration, 1 picture, 2 end | composition offset s24 in ms | NAL units with lengths
/// enhanced: 1 | frame type u(3), packet type u(4) | fourcc
/// </code>
/// </summary>
internal sealed class FlvReader(Stream stream) : IContainerReader
{
    private const int FileHeader = 9;
    private const int PreviousSize = 4;
    private const int TagHeader = 11;
    private const int VideoHeader = 5;
    private const byte VideoTag = 9;
    private const byte H264Codec = 7;
    private readonly ContainerInput _input = new(stream);
    private DecoderConfiguration? _configuration;
    private bool _hasHeader;
    private bool _hasTime;
    private uint _lastTime;
    private long _time;

    public async ValueTask<ContainerRead> ReadAsync()
    {
        if (!_hasHeader)
        {
            if (!await _input.TryReadAsync(FileHeader + PreviousSize))
            {
                return new(ContainerStatus.End);
            }

            if (!_input.Bytes.StartsWith("FLV"u8) || BinaryPrimitives.ReadUInt32BigEndian(_input.Bytes[5..]) != FileHeader)
            {
                return Malformed("it does not begin as FLV does");
            }

            _hasHeader = true;
        }

        while (await _input.TryReadAsync(TagHeader))
        {
            var (type, size) = (_input.Bytes[0], (int)(BinaryPrimitives.ReadUInt32BigEndian(_input.Bytes) & 0xFFFFFF));
            if (type != VideoTag)
            {
                if (!await _input.TrySkipAsync(size + PreviousSize))
                {
                    break;
                }

                continue;
            }

            Advance((uint)_input.Bytes[7] << 24 | BinaryPrimitives.ReadUInt32BigEndian(_input.Bytes[4..]) >> 8);
            if (size is < VideoHeader or > ContainerInput.MaxFrameBytes - PreviousSize)
            {
                return Malformed($"a picture of {size} bytes");
            }

            if (!await _input.TryReadAsync(size + PreviousSize))
            {
                break;
            }

            if (Interpret(_input.Bytes[..size]) is { } read)
            {
                return read;
            }
        }

        return new(ContainerStatus.End);
    }

    private static ContainerRead Malformed(string what) => new(ContainerStatus.Malformed, Detail: what);

    // 32 bits of milliseconds begin anew after 49 days.
    private void Advance(uint time)
    {
        _time += _hasTime ? (int)(time - _lastTime) : time;
        (_lastTime, _hasTime) = (time, true);
    }

    private ContainerRead? Interpret(ReadOnlySpan<byte> body)
    {
        if ((body[0] & 0x80) != 0)
        {
            return new(ContainerStatus.OtherCodec, Detail: Encoding.ASCII.GetString(body[1..5]));
        }

        if ((body[0] & 0x0F) != H264Codec)
        {
            return new(ContainerStatus.OtherCodec, Detail: $"FLV codec {body[0] & 0x0F}");
        }

        var rest = body[VideoHeader..];
        return body[1] switch
        {
            0 => Configure(rest),
            1 => Convert(rest, (BinaryPrimitives.ReadInt32BigEndian(body[1..]) << 8) >> 8),
            _ => null,
        };
    }

    private ContainerRead? Configure(ReadOnlySpan<byte> record)
    {
        // FFmpeg ends a stream with an empty one.
        if (record.IsEmpty)
        {
            return null;
        }

        _configuration = DecoderConfiguration.Parse(record);
        return _configuration is null ? Malformed("parameter sets that cannot be read") : Judge(_configuration.Sequence);
    }

    private ContainerRead? Convert(ReadOnlySpan<byte> units, int compositionOffset)
    {
        if (_configuration is null)
        {
            return Malformed("a picture before its parameter sets");
        }

        if (!AccessUnit.TryParse(units, _configuration, out var unit))
        {
            return Malformed("a picture whose parts do not add up");
        }

        if (Judge(unit.Sequence) is { } refused)
        {
            return refused;
        }

        if (unit.Sequence is not null)
        {
            // Newer ones than those ahead of the stream; key frames without any are given these.
            _configuration = _configuration with { ParameterSets = unit.GetParameterSets() };
        }

        if (unit.HasBidirectional)
        {
            return new(ContainerStatus.Unplayable, Detail: ViewerCompatibility.BidirectionalFrames);
        }

        if (!unit.HasPicture)
        {
            return null;
        }

        var rented = ArrayPool<byte>.Shared.Rent(unit.Length);
        unit.CopyTo(rented);
        var time = TimeSpan.FromMilliseconds(_time + compositionOffset);
        return new(ContainerStatus.Frame, new(VideoCodec.H264, unit.IsKeyFrame, time, compositionOffset != 0, rented, unit.Length));
    }

    private static ContainerRead? Judge(SequenceParameterSet? set) => set is { } known && ViewerCompatibility.ObstacleOf(known) is { } obstacle
        ? new ContainerRead(ContainerStatus.Unplayable, Detail: obstacle)
        : null;
}
