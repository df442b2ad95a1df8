namespace P2PCam.Tests.Diagnostics;

/// <summary>What others say becomes part of sentences of ours: nothing ends twice, and no time is printed as .NET's own.</summary>
public class WordsTests
{
    [Theory]
    [InlineData("left", "left.")]
    [InlineData("left.", "left.")]
    [InlineData("left..", "left.")]
    [InlineData("Is it there?", "Is it there?")]
    [InlineData("gone…", "gone…")]
    [InlineData("first line.\r\n  second line\n", "first line. second line.")]
    [InlineData("it ends in a colon:", "it ends in a colon.")]
    [InlineData("", "")]
    [InlineData(" . ", ".")]
    [InlineData(null, "")]
    public void Sentence_EndsOnce(string? text, string expected) => Assert.Equal(expected, Words.Sentence(text));

    [Theory]
    [InlineData("no such file.", "no such file")]
    [InlineData("two.\nlines.", "two. lines")]
    public void Clause_HasNoEnd(string text, string expected) => Assert.Equal(expected, Words.Clause(text));

    [Theory]
    [InlineData(null, "")]
    [InlineData("  ", "")]
    [InlineData("why", " why.")]
    public void Addition_IsNothingWhereThereIsNothingToSay(string? text, string expected) => Assert.Equal(expected, Words.Addition(text));

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(20, "20 ms")]
    [InlineData(500, "0.5 s")]
    [InlineData(1000, "1 s")]
    [InlineData(90_000, "90 s")]
    [InlineData(150_000, "2.5 min")]
    [InlineData(7_200_000, "2 h")]
    [InlineData(604_800_000, "7 d")]
    public void Duration_IsWhatPeopleSay(long milliseconds, string expected) => Assert.Equal(expected, Words.Duration(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void Duration_IsTheSameInEveryLanguage()
    {
        var before = System.Globalization.CultureInfo.CurrentCulture;
        try
        {
            var comma = (System.Globalization.CultureInfo)before.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            System.Globalization.CultureInfo.CurrentCulture = comma;
            Assert.Equal("0.5 s", Words.Duration(TimeSpan.FromSeconds(0.5)));
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }
}
