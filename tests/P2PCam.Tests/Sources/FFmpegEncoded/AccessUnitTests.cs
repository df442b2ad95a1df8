using P2PCam.Sources.FFmpeg.H264;

namespace P2PCam.Tests.Sources.FFmpegEncoded;

public class AccessUnitTests
{
    private static readonly byte[] Sps = MadeUpH264.Sps();
    private static readonly DecoderConfiguration Configuration = MadeUpH264.Read(Sps);

    [Fact]
    public void Idr_WithoutParameterSets_GetsThoseFromAheadOfTheStream()
    {
        var idr = MadeUpH264.Slice(MadeUpH264.I, isIdr: true);
        Assert.True(TryConvert(MadeUpH264.Lengths(idr), Configuration, out var isKey, out var bytes));
        Assert.True(isKey);
        Assert.Equal(MadeUpH264.AnnexB(Sps, MadeUpH264.Pps, idr), bytes);
    }

    [Fact]
    public void Idr_WithParameterSets_KeepsItsOwn()
    {
        var own = MadeUpH264.Sps(macroblocksAcross: 40);
        byte[][] units = [own, MadeUpH264.Pps, MadeUpH264.Sei, MadeUpH264.Slice(MadeUpH264.I, isIdr: true)];
        Assert.True(AccessUnit.TryParse(MadeUpH264.Lengths(units), Configuration, out var unit));
        Assert.Equal(640, unit.Sequence!.Value.Width);
        Assert.Equal(MadeUpH264.AnnexB(own, MadeUpH264.Pps), unit.GetParameterSets());
        Assert.True(TryConvert(MadeUpH264.Lengths(units), Configuration, out _, out var bytes));
        Assert.Equal(MadeUpH264.AnnexB(units), bytes);
    }

    [Fact]
    public void Delimiter_Filler_AndReservedTypes_AreLeftOut()
    {
        byte[] aggregation = [0x78, 0x00, 0x01, 0x41];
        byte[] first = MadeUpH264.Slice(MadeUpH264.P), second = MadeUpH264.Slice(MadeUpH264.P, firstMacroblock: 150);
        byte[][] units = [MadeUpH264.Delimiter, MadeUpH264.Sei, first, second, MadeUpH264.Filler, aggregation, [], [0x0A]];
        Assert.True(TryConvert(MadeUpH264.Lengths(units), Configuration, out var isKey, out var bytes));
        Assert.False(isKey);
        Assert.Equal(MadeUpH264.AnnexB(MadeUpH264.Sei, first, second), bytes);
    }

    [Theory]
    [InlineData(MadeUpH264.P, false)]
    [InlineData(MadeUpH264.I, false)]
    [InlineData(MadeUpH264.B, true)]
    [InlineData(MadeUpH264.B + 5, true)]
    public void Slices_PredictedFromTwoSides_AreNoticed(uint type, bool expected)
    {
        Assert.True(AccessUnit.TryParse(MadeUpH264.Lengths(MadeUpH264.Slice(MadeUpH264.P), MadeUpH264.Slice(type)), Configuration, out var unit));
        Assert.Equal(expected, unit.HasBidirectional);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Lengths_OfEachSize_AreRead(int size)
    {
        var slice = MadeUpH264.Slice(MadeUpH264.P);
        Assert.True(TryConvert(MadeUpH264.Lengths(size, [slice, slice]), MadeUpH264.Read(Sps, size), out _, out var bytes));
        Assert.Equal(MadeUpH264.AnnexB(slice, slice), bytes);
    }

    [Fact]
    public void ParameterSetsAlone_AreNoPicture()
    {
        Assert.True(AccessUnit.TryParse(MadeUpH264.Lengths(Sps, MadeUpH264.Pps), Configuration, out var unit));
        Assert.False(unit.HasPicture);
    }

    [Theory]
    [InlineData("00 00 00 09 41 9A 00")]
    [InlineData("FF FF FF FF 41 9A 00")]
    [InlineData("00 00 00 02 41 9A 00")]
    [InlineData("00 00 00 01 41")]
    [InlineData("00 00 00 03 67 42 00")]
    public void LengthsThatDoNotAddUp_OrUnitsCutOff_AreRefused(string bytes) =>
        Assert.False(AccessUnit.TryParse(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)), Configuration, out _));

    [Fact]
    public void Configuration_CutOffAnywhere_IsNull()
    {
        var record = MadeUpH264.Configuration(Sps);
        for (var length = 0; length < record.Length; length++)
        {
            Assert.Null(DecoderConfiguration.Parse(record.AsSpan(0, length)));
        }

        Assert.Equal(320, DecoderConfiguration.Parse(record)!.Sequence!.Value.Width);
    }

    private static bool TryConvert(byte[] units, DecoderConfiguration configuration, out bool isKey, out byte[] bytes)
    {
        var parsed = AccessUnit.TryParse(units, configuration, out var unit);
        (isKey, bytes) = (unit.IsKeyFrame, new byte[unit.Length]);
        if (parsed)
        {
            unit.CopyTo(bytes);
        }

        return parsed;
    }
}
