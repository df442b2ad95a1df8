using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace P2PCam.Sources.FFmpeg.Containers;

/// <summary>
/// VP8 in IVF, libvpx's container, all numbers little-endian.
/// <code>
/// file:  "DKIF" | version u16 | header size u16 (32) | fourcc | width u16 | height u16 | rate u32 | scale u32 | frames u32 | unused u32
/// frame: size u32 | time u64 in scale / rate s | bytes       VP8, RFC 6386 section 9.1: the lowest bit of the first byte is 0 in key frames
/// </code>
/// </summary>
internal sealed class IvfReader(Stream stream) : IContainerReader
{
    private const int FileHeader = 32;
    private const int FrameHeader = 12;
    private readonly ContainerInput _input = new(stream);
    private uint _rate;
    private uint _scale;

    public async ValueTask<ContainerRead> ReadAsync()
    {
        if (_rate == 0)
        {
            if (!await _input.TryReadAsync(FileHeader))
            {
                return new(ContainerStatus.End);
            }

            if (ReadHeader(_input.Bytes) is { } problem)
            {
                return problem;
            }
        }

        while (await _input.TryReadAsync(FrameHeader))
        {
            var (size, time) = (BinaryPrimitives.ReadUInt32LittleEndian(_input.Bytes), BinaryPrimitives.ReadUInt64LittleEndian(_input.Bytes[4..]));
            var ticks = (UInt128)time * _scale * TimeSpan.TicksPerSecond / _rate;
            if (size > ContainerInput.MaxFrameBytes || ticks > (ulong)TimeSpan.MaxValue.Ticks / 2)
            {
                return new(ContainerStatus.Malformed, Detail: $"a frame of {size} bytes at {time}");
            }

            if (!await _input.TryReadAsync((int)size))
            {
                break;
            }

            // An empty frame stands for one that the encoder dropped.
            if (size > 0)
            {
                return new(ContainerStatus.Frame, Copy(_input.Bytes, new TimeSpan((long)ticks)));
            }
        }

        return new(ContainerStatus.End);
    }

    private static ContainerFrame Copy(ReadOnlySpan<byte> frame, TimeSpan time)
    {
        var rented = ArrayPool<byte>.Shared.Rent(frame.Length);
        frame.CopyTo(rented);
        return new ContainerFrame(VideoCodec.Vp8, (frame[0] & 1) == 0, time, MayBeReordered: false, rented, frame.Length);
    }

    private ContainerRead? ReadHeader(ReadOnlySpan<byte> header)
    {
        _rate = BinaryPrimitives.ReadUInt32LittleEndian(header[16..]);
        _scale = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]);
        if (!header.StartsWith("DKIF"u8) || BinaryPrimitives.ReadUInt16LittleEndian(header[6..]) != FileHeader || _rate == 0)
        {
            return new(ContainerStatus.Malformed, Detail: "it does not begin as IVF does");
        }

        return header.Slice(8, 4).SequenceEqual("VP80"u8)
            ? null
            : new ContainerRead(ContainerStatus.OtherCodec, Detail: Encoding.ASCII.GetString(header.Slice(8, 4)));
    }
}
