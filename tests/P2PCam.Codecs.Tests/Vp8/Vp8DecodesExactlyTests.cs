using System.Buffers;
using P2PCam.Codecs.Vp8;
using P2PCam.Codecs.Vp8.Common;
using P2PCam.Codecs.Vp8.Encoding;
using P2PCam.TestKit;
using static P2PCam.Codecs.Tests.Vp8.Clips;

namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>Every frame decodes in libvpx and in FFmpeg's own decoder to the encoder's reconstruction, bit for bit.</summary>
public class Vp8DecodesExactlyTests
{
    [ToolFact("ffmpeg")]
    public void Sizes_from_one_macroblock_to_720p_and_odd_ones()
    {
        (int Width, int Height, int Frames)[] sizes = [(16, 16, 12), (17, 33, 12), (1, 1, 4), (175, 143, 12), (320, 240, 10), (33, 720, 6), (1280, 720, 4)];
        foreach (var (width, height, frames) in sizes)
        {
            Check(new Vp8EncoderOptions { Width = width, Height = height, TargetBitrate = width * height * 4 + 20_000, DropFrames = false }, Content.Moving, frames);
        }
    }

    [ToolFact("ffmpeg")]
    public void Static_moving_and_noisy_content_and_scene_cuts()
    {
        foreach (var content in Enum.GetValues<Content>())
        {
            Check(new Vp8EncoderOptions { Width = 208, Height = 176, TargetBitrate = 400_000, DropFrames = false }, content, 24);
        }
    }

    [ToolFact("ffmpeg")]
    public void Extreme_quantizers()
    {
        foreach (var quantizer in (int[])[0, 1, 20, 90, 127])
        {
            var options = new Vp8EncoderOptions { Width = 100, Height = 84, MinQuantizer = quantizer, MaxQuantizer = quantizer, DropFrames = false };
            Check(options, Content.Moving, 6);
            Check(options, Content.Noise, 4);
        }
    }

    [ToolFact("ffmpeg")]
    public void Forced_key_frames_rate_changes_and_probabilities_that_last()
    {
        foreach (var errorResilient in (bool[])[true, false])
        {
            var options = new Vp8EncoderOptions
            {
                Width = 176,
                Height = 144,
                TargetBitrate = 600_000,
                ErrorResilient = errorResilient,
                MaxKeyFrameInterval = 11,
            };
            Check(options, Content.SceneCuts, 40, forceKeyFrame: index => index is 5 or 6 or 30, bitrate: index => index < 15 ? 600_000 : 80_000);
        }
    }

    [ToolFact("ffmpeg")]
    public void What_a_passing_box_uncovers_comes_from_the_golden_picture_and_what_stands_still_is_refined()
    {
        foreach (var (width, height) in ((int, int)[])[(16, 16), (208, 176), (333, 245)])
        {
            using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = width, Height = height, TargetBitrate = (width * height * 2) + 20_000, DropFrames = false });
            var ivf = new Ivf(width, height);
            var expected = new List<byte[]>();
            var (golden, refined) = (0, 0);
            for (var index = 0; index < 90; index++)
            {
                using var frame = PassingBox(width, height, index);
                Encode(encoder, frame, false, ivf, expected);
                refined += encoder.State.Refinement.CountFine();
                golden += Count(encoder.State, info => info.Reference == ReferenceKind.Golden);
            }

            Assert.True(width == 16 || golden > 0, "Golden pictures were referred to.");
            Assert.True(width == 16 || refined > 0, "Macroblocks were refined.");
            Compare(ivf, expected);
        }
    }

    [ToolFact("ffmpeg")]
    public void Sharp_edges_from_nowhere_take_subblock_modes_in_inter_frames()
    {
        foreach (var (width, height) in ((int, int)[])[(16, 16), (175, 143), (320, 240)])
        {
            using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = width, Height = height, TargetBitrate = (width * height * 8) + 20_000, DropFrames = false });
            var (ivf, expected, subblocks) = (new Ivf(width, height), new List<byte[]>(), 0);
            for (var index = 0; index < 24; index++)
            {
                using var frame = Make(Content.Glyphs, width, height, index);
                Encode(encoder, frame, index == 12, ivf, expected);
                subblocks += index is 0 or 12 ? 0 : Count(encoder.State, info => info.Mode == MacroblockMode.Subblocks);
            }

            Assert.True(subblocks > 0, "Macroblocks of inter frames have subblock modes.");
            Compare(ivf, expected);
        }
    }

    [ToolFact("ffmpeg")]
    public void What_moves_apart_within_a_macroblock_takes_split_vectors()
    {
        foreach (var (width, height, layers) in ((int, int, int)[])[(48, 48, 1), (175, 143, 3), (320, 240, 1)])
        {
            var options = new Vp8EncoderOptions
            {
                Width = width,
                Height = height,
                TargetBitrate = (width * height * 8) + 20_000,
                TemporalLayers = layers,
                ErrorResilient = layers > 1,
                DropFrames = false,
            };
            using var encoder = new Vp8Encoder(options);
            var (ivf, expected, layouts) = (new Ivf(width, height), new List<byte[]>(), new int[3]);
            for (var index = 0; index < 40; index++)
            {
                using var frame = Make(Content.Moving, width, height, index);
                Encode(encoder, frame, false, ivf, expected);
                for (var layout = 0; layout < 3; layout++)
                {
                    layouts[layout] += index == 0 ? 0 : CountSplit(encoder.State, layout);
                }
            }

            Assert.True(layouts.Sum() > 0, "Macroblocks are split.");
            Assert.True(width < 300 || layouts.All(count => count > 0), $"Each layout is used: {string.Join(", ", layouts)}.");
            Compare(ivf, expected);
        }
    }

    [ToolFact("ffmpeg")]
    public void Black_and_white_pixels_that_alternate()
    {
        // The largest residuals there are: transforms and saturation at their ends.
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = 64, Height = 64, MinQuantizer = 0, MaxQuantizer = 0, DropFrames = false });
        var ivf = new Ivf(64, 64);
        var expected = new List<byte[]>();
        for (var index = 0; index < 8; index++)
        {
            using var frame = VideoFrame.Rent(64, 64, PixelFormat.I420, default, out var memory);
            for (var i = 0; i < memory.Length; i++)
            {
                memory.Span[i] = (byte)((((i >> (index % 4)) ^ (i / 64 >> (index / 2))) & 1) * 255);
            }

            Encode(encoder, frame, false, ivf, expected);
        }

        Compare(ivf, expected);
    }

    private static VideoFrame PassingBox(int width, int height, int index)
    {
        using var still = Make(Content.Static, width, height, 0);
        var frame = VideoFrame.Rent(width, height, PixelFormat.I420, TimeSpan.FromSeconds(index / 30.0), out var memory);
        for (int plane = 0, at = 0; plane < 3; plane++)
        {
            var (planeWidth, planeHeight) = plane == 0 ? (width, height) : ((width + 1) / 2, (height + 1) / 2);
            var left = index * planeWidth / 40 % (planeWidth * 2);
            for (var y = 0; y < planeHeight; y++, at += planeWidth)
            {
                var row = memory.Span.Slice(at, planeWidth);
                still.GetPlane(plane).Slice(y * still.GetStride(plane), planeWidth).CopyTo(row);
                if (y > planeHeight / 4 && y < planeHeight * 3 / 4 && left < planeWidth)
                {
                    row[left..Math.Min(planeWidth, left + (planeWidth / 4))].Fill((byte)(40 + (60 * plane)));
                }
            }
        }

        return frame;
    }

    private static int CountSplit(FrameState state, int layout)
    {
        var count = 0;
        for (var i = 0; i < state.Rows * state.Columns; i++)
        {
            count += state.Info(i % state.Columns, i / state.Columns).Mode == MacroblockMode.SplitMv && state.SplitLayouts[i] == layout ? 1 : 0;
        }

        return count;
    }

    private static int Count(FrameState state, Func<MacroblockInfo, bool> condition)
    {
        var count = 0;
        for (var i = 0; i < state.Rows * state.Columns; i++)
        {
            count += condition(state.Info(i % state.Columns, i / state.Columns)) ? 1 : 0;
        }

        return count;
    }

    private static void Check(
        Vp8EncoderOptions options, Content content, int frames, Func<int, bool>? forceKeyFrame = null, Func<int, int>? bitrate = null)
    {
        using var encoder = new Vp8Encoder(options);
        var ivf = new Ivf(options.Width, options.Height);
        var expected = new List<byte[]>();
        for (var index = 0; index < frames; index++)
        {
            if (bitrate is not null)
            {
                encoder.SetTargetBitrate(bitrate(index));
            }

            using var frame = Make(content, options.Width, options.Height, index);
            Encode(encoder, frame, forceKeyFrame?.Invoke(index) ?? false, ivf, expected);
        }

        Compare(ivf, expected);
    }

    private static void Encode(Vp8Encoder encoder, VideoFrame frame, bool forceKeyFrame, Ivf ivf, List<byte[]> expected)
    {
        var output = new ArrayBufferWriter<byte>();
        var result = encoder.Encode(frame, forceKeyFrame, output);
        Assert.Equal(output.WrittenCount, result.BytesWritten);
        Assert.True(!forceKeyFrame || result.IsKeyFrame);
        if (!result.Dropped)
        {
            ivf.Add(output.WrittenSpan);
            expected.Add(Pixels(encoder.Reconstruction, frame.Width, frame.Height));
        }
    }

    private static void Compare(Ivf ivf, List<byte[]> expected)
    {
        foreach (var decoder in (string[])["libvpx", "vp8"])
        {
            var decoded = ivf.Decode(decoder);
            var size = expected[0].Length;
            Assert.Equal(expected.Count * size, decoded.Length);
            for (var i = 0; i < expected.Count; i++)
            {
                Assert.True(decoded.AsSpan(i * size, size).SequenceEqual(expected[i]), $"Frame {i} differs in {decoder}.");
            }
        }
    }
}
