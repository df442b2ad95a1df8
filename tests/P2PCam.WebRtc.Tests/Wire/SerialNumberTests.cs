using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Tests.Wire;

public sealed class SerialNumberTests
{
    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(0, 1, false)]
    [InlineData(0, 0, false)]
    [InlineData(0, 65535, true)]
    [InlineData(65535, 0, false)]
    [InlineData(32767, 0, true)]
    [InlineData(32768, 0, false)]
    [InlineData(0, 32768, false)]
    [InlineData(100, 65000, true)]
    public void IsNewer_16_bits_follows_the_wrap(int value, int than, bool expected) =>
        Assert.Equal(expected, SerialNumber.IsNewer((ushort)value, (ushort)than));

    [Theory]
    [InlineData(0u, uint.MaxValue, true)]
    [InlineData(uint.MaxValue, 0u, false)]
    [InlineData(0x7FFFFFFFu, 0u, true)]
    [InlineData(0x80000000u, 0u, false)]
    [InlineData(5u, 5u, false)]
    public void IsNewer_32_bits_follows_the_wrap(uint value, uint than, bool expected) =>
        Assert.Equal(expected, SerialNumber.IsNewer(value, than));

    [Fact]
    public void Difference_undoes_addition_for_every_start_and_short_step()
    {
        for (var start = 0; start < 65536; start += 7)
        {
            foreach (var step in new[] { -32768, -1000, -1, 0, 1, 2, 999, 32767 })
            {
                Assert.Equal(step, SerialNumber.Difference((ushort)(start + step), (ushort)start));
            }
        }
    }
}
