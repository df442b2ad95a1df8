using System.Buffers.Binary;
using System.IO.Compression;

namespace P2PCam.TestKit.Pictures;

public static partial class PngFile
{
    /// <summary>Reads a picture of 8 bits per channel, with or without alpha, not interlaced, into RGB24.</summary>
    /// <exception cref="InvalidDataException">It is something else, or damaged.</exception>
    public static (byte[] Rgb, int Width, int Height) Read(string path)
    {
        var file = File.ReadAllBytes(path).AsSpan();
        if (file.Length < 33 || !file.StartsWith(Signature))
        {
            throw new InvalidDataException($"{path} is no PNG file.");
        }

        var header = file[16..29];
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header[4..]));
        var channels = (header[8], header[9], header[12]) switch
        {
            (8, 2, 0) => 3,
            (8, 6, 0) => 4,
            _ => throw new InvalidDataException($"{path}: depth {header[8]}, colour type {header[9]}, interlace {header[12]}."),
        };
        var rows = Unfilter(Decompress(file), width * channels, height, channels);
        var rgb = new byte[3 * width * height];
        for (var pixel = 0; pixel < width * height; pixel++)
        {
            rows.AsSpan(channels * pixel, 3).CopyTo(rgb.AsSpan(3 * pixel));
        }

        return (rgb, width, height);
    }

    private static byte[] Decompress(ReadOnlySpan<byte> file)
    {
        using var compressed = new MemoryStream();
        for (var at = Signature.Length; at + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file[at..]);
            if (file.Slice(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                compressed.Write(file.Slice(at + 8, length));
            }

            at += 12 + length;
        }

        compressed.Position = 0;
        using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
        using var plain = new MemoryStream();
        zlib.CopyTo(plain);
        return plain.ToArray();
    }

    /// <summary>Section 9.2: each byte was stored as its difference to what its neighbours left, above and above left predict.</summary>
    private static byte[] Unfilter(ReadOnlySpan<byte> filtered, int stride, int height, int step)
    {
        var rows = new byte[stride * height];
        for (var y = 0; y < height; y++)
        {
            var line = filtered.Slice(y * (stride + 1), stride + 1);
            for (var x = 0; x < stride; x++)
            {
                var left = x < step ? 0 : rows[(y * stride) + x - step];
                var above = y == 0 ? 0 : rows[((y - 1) * stride) + x];
                var corner = x < step || y == 0 ? 0 : rows[((y - 1) * stride) + x - step];
                var predicted = line[0] switch
                {
                    0 => 0,
                    1 => left,
                    2 => above,
                    3 => (left + above) / 2,
                    4 => Paeth(left, above, corner),
                    _ => throw new InvalidDataException($"There is no filter {line[0]}."),
                };
                rows[(y * stride) + x] = (byte)(line[1 + x] + predicted);
            }
        }

        return rows;
    }

    private static int Paeth(int left, int above, int corner)
    {
        var guess = left + above - corner;
        var (toLeft, toAbove, toCorner) = (Math.Abs(guess - left), Math.Abs(guess - above), Math.Abs(guess - corner));
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }
}
