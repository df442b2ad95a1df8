namespace P2PCam.Codecs.Jpeg.Decoding;

/// <summary>Decodes a scan (ITU-T T.81 B.2.3, F.2): the blocks of one component in rows, or of all of them by MCU.</summary>
internal sealed class ScanReader
{
    private const int SixteenZeros = 15;

    // Each block has a code for its DC and one for where it ends.
    private const int LeastBitsPerBlock = 2;

    private readonly Component[] _components = new Component[3];
    private readonly float[] _block = new float[64];

    // number of components 8 | for each: identifier 8, DC table 4, AC table 4 | spectrum 0 8, 63 8 | approximation 0 8; the entropy-coded data follow
    public Outcome Read(ref SegmentReader reader, ReadOnlySpan<byte> payload, PictureLayout layout, DecodingTables tables)
    {
        if (layout.Count == 0)
        {
            return Outcome.Corrupt("A scan (SOS) comes before the frame header (SOF).");
        }

        if (payload.IsEmpty || payload.Length < 4 + (2 * payload[0]) || payload[0] is 0 || payload[0] > layout.Count)
        {
            return Outcome.Corrupt("The scan's header (SOS) has no components, more than the picture, or is cut off.");
        }

        var count = (int)payload[0];
        if (payload[1 + (2 * count)] != 0 || payload[2 + (2 * count)] != 63 || payload[3 + (2 * count)] != 0)
        {
            return Outcome.Process("The scan has a part of the coefficients only, as in progressive JPEG; baseline is decoded.");
        }

        for (var i = 0; i < count; i++)
        {
            var outcome = Choose(i, payload[1 + (2 * i)], payload[2 + (2 * i)], layout, tables);
            if (outcome.Result != JpegDecodeResult.Ok)
            {
                return outcome;
            }
        }

        var rest = reader.Rest;
        if (rest.Length * 8L < LeastBitsPerBlock * Blocks(count, layout))
        {
            return Outcome.Truncated("There is less data than so large a picture takes.");
        }

        layout.MakeRoom();
        var bits = new BitReader(rest);
        var result = Decode(ref bits, Units.Of(_components.AsSpan(0, count), layout), tables.RestartInterval);
        if (result.Result == JpegDecodeResult.Ok)
        {
            for (var i = 0; i < count; i++)
            {
                _components[i].IsDecoded = true;
            }

            reader.SkipScan();
        }

        return result;
    }

    private Outcome Choose(int index, int id, int numbers, PictureLayout layout, DecodingTables tables)
    {
        if (layout.Find(id, _components.AsSpan(0, index)) is not { } component)
        {
            return Outcome.Corrupt("The scan (SOS) names a component that is not there, or that came already.");
        }

        _components[index] = component;
        (component.Dc, component.Ac, component.LastDc) = (tables.Dc(numbers >> 4), tables.Ac(numbers & 15), 0);
        if (component.Dc is null || component.Ac is null || tables.Steps(component.StepsNumber) is not { } steps)
        {
            return Outcome.Corrupt("The scan needs a Huffman table (DHT) or a quantization table (DQT) that did not come.");
        }

        // JFIF's full range becomes the limited range of video; that of RGB does so with its change of colours.
        component.Range = layout.IsRgb ? SampleRange.Full : component == layout[0] ? SampleRange.Luma : SampleRange.Chroma;
        var range = component.Range.Scale;
        var zigZag = JpegHeader.ZigZag;
        for (var i = 0; i < 64; i++)
        {
            component.Factors[i] = (float)(steps[i] * InverseDct.ScaleOf(zigZag[i]) * range);
        }

        return Outcome.Ok;
    }

    private long Blocks(int count, PictureLayout layout)
    {
        if (count == 1)
        {
            var (width, height) = Size(_components[0], layout);
            return (long)PictureLayout.Divide(width, 8) * PictureLayout.Divide(height, 8);
        }

        var perUnit = 0;
        foreach (var component in _components.AsSpan(0, count))
        {
            perUnit += component.Horizontal * component.Vertical;
        }

        return (long)layout.Columns * layout.Rows * perUnit;
    }

    private static (int Width, int Height) Size(Component component, PictureLayout layout) =>
        (PictureLayout.Divide(layout.Width * component.Horizontal, layout.MaxHorizontal), PictureLayout.Divide(layout.Height * component.Vertical, layout.MaxVertical));

    // From one restart marker to the next. What is damaged or missing up to one that comes stays grey; no later unit depends on it.
    private Outcome Decode(ref BitReader bits, in Units units, int interval)
    {
        var step = interval == 0 ? units.Total : interval;
        for (var (start, number) = (0, 0); start < units.Total; start += step, number++)
        {
            var end = Math.Min(start + step, units.Total);
            var whole = DecodeUnits(ref bits, units, start, end);
            if (end == units.Total)
            {
                return whole == end && !bits.IsExhausted ? Outcome.Ok : Failed(bits);
            }

            // Why it failed, should no marker follow.
            var failure = Failed(bits);
            if (!bits.TryRestart(number & 7, out var lost) || start + ((lost + 1) * step) >= units.Total)
            {
                return whole < end ? failure : Failed(bits);
            }

            (start, number) = (start + (lost * step), number + lost);
            Clear(units, whole, Math.Min(start + step, units.Total));
        }

        return Outcome.Ok;
    }

    /// <returns>Where the first unit stands that does not decode.</returns>
    private int DecodeUnits(ref BitReader bits, in Units units, int start, int end)
    {
        foreach (var component in units.Components)
        {
            component.LastDc = 0;
        }

        for (var unit = start; unit < end; unit++)
        {
            if (!DecodeUnit(ref bits, units, unit) || bits.IsExhausted)
            {
                return unit;
            }
        }

        return end;
    }

    private bool DecodeUnit(ref BitReader bits, in Units units, int unit)
    {
        foreach (var component in units.Components)
        {
            var (across, down) = units.BlocksOf(component);
            var (left, top) = units.PlaceOf(unit, across, down);
            for (var y = 0; y < down; y++)
            {
                for (var x = 0; x < across; x++)
                {
                    if (!DecodeBlock(ref bits, component, (left + x) * 8, (top + y) * 8))
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }

    private static void Clear(in Units units, int start, int end)
    {
        for (var unit = start; unit < end; unit++)
        {
            foreach (var component in units.Components)
            {
                var (across, down) = units.BlocksOf(component);
                var (left, top) = units.PlaceOf(unit, across, down);
                for (var row = top * 8; row < (top + down) * 8; row++)
                {
                    component.Samples.AsSpan((row * component.Stride) + (left * 8), across * 8).Fill((byte)component.Range.Level);
                }
            }
        }
    }

    private bool DecodeBlock(ref BitReader bits, Component component, int x, int y)
    {
        var (block, factors, ac) = (_block, component.Factors, component.Ac!);
        bits.Fill();
        var size = component.Dc!.Read(ref bits);
        if (size < 0)
        {
            return false;
        }

        component.LastDc += size == 0 ? 0 : bits.ReadValue(size);
        Array.Clear(block);
        block[0] = (component.LastDc * factors[0]) + component.Range.Level;
        var zigZag = InverseDct.TransposedZigZag;
        for (var k = 1; k < 64; k++)
        {
            bits.Fill();
            var symbol = ac.Read(ref bits);
            var (zeros, length) = (symbol >> 4, symbol & 15);
            k += zeros;
            if (symbol < 0 || k > 63)
            {
                return false;
            }

            if (length > 0)
            {
                block[zigZag[k]] = bits.ReadValue(length) * factors[k];
            }
            else if (zeros != SixteenZeros)
            {
                // The end of the block.
                break;
            }
        }

        var target = component.Samples.AsSpan((y * component.Stride) + x);
        InverseDct.Transform(block, target, component.Stride, component.Range.Least, component.Range.Most);
        return true;
    }

    private static Outcome Failed(in BitReader bits) => bits.IsExhausted
        ? Outcome.Truncated("The data ends, or a marker comes, before all blocks were decoded.")
        : Outcome.Corrupt("The data has a code that no Huffman table has, more than 64 coefficients in a block, or no restart marker where one must be.");
}
