namespace P2PCam;

/// <summary>Says which option, which value and which range.</summary>
internal static class OptionRange
{
    public static void Check(string name, double value, double lowest, double highest, string unit) => Checked(name, value, lowest, highest, unit);

    /// <summary>The value, if it is in the range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static double Checked(string name, double value, double lowest, double highest, string unit)
    {
        if (!(value >= lowest && value <= highest))
        {
            throw new ArgumentOutOfRangeException(
                name, value, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} takes {lowest} to {highest} {unit}."));
        }

        return value;
    }
}
