using Samples;

namespace P2PCam.Snippets.Tests;

/// <summary>How long a viewer watched, as the samples' consoles say it.</summary>
public class ElapsedTests
{
    [Theory]
    [InlineData("00:00:00.4", "0 s")]
    [InlineData("00:00:59.9", "59 s")]
    [InlineData("00:01:59.9", "1 min 59 s")]
    [InlineData("00:59:59.9", "59 min 59 s")]
    [InlineData("01:40:00", "1 h 40 min")]
    [InlineData("2.03:31:00", "51 h 31 min")]
    public void Time_IsNotRoundedUpToHoursThatHaveNotPassed(string time, string expected) =>
        Assert.Equal(expected, Elapsed.Text(TimeSpan.Parse(time, System.Globalization.CultureInfo.InvariantCulture)));
}
