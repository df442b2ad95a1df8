using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace P2PCam.Configuration;

/// <summary>How values are written in configuration: so that a person can read them, and so that .NET's own way of writing them is taken as well.</summary>
internal static class SettingKinds
{
    private const string ATime = "a time such as 300 ms, 1.5 s, 10 min, 2 h, or 00:00:10";

    public static SettingTable<T> Whole<T>(this SettingTable<T> table, string name, Action<T, int> set) => table.Scalar(name, "a whole number", (text, options) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && Do(() => set(options, value)));

    public static SettingTable<T> Number<T>(this SettingTable<T> table, string name, Action<T, double> set) => table.Scalar(name, "a number such as 30 or 29.97", (text, options) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && Do(() => set(options, value)));

    public static SettingTable<T> BitRate<T>(this SettingTable<T> table, string name, Action<T, int> set) => table.Scalar(name, "bits per second, such as 2000000, 800k or 2.5M", (text, options) =>
        TryParseBitRate(text, out var value) && Do(() => set(options, value)));

    public static SettingTable<T> Flag<T>(this SettingTable<T> table, string name, Action<T, bool> set) => table.Scalar(name, "true or false", (text, options) =>
        bool.TryParse(text, out var value) && Do(() => set(options, value)));

    public static SettingTable<T> Time<T>(this SettingTable<T> table, string name, Action<T, TimeSpan> set) => table.Scalar(name, ATime, (text, options) =>
        TryParseTime(text, out var value) && Do(() => set(options, value)));

    /// <summary>Nothing at all (an empty variable) means null.</summary>
    public static SettingTable<T> Text<T>(this SettingTable<T> table, string name, Action<T, string?> set) => table.Add(name, (section, options) =>
        section.GetChildren().Any() ? "a text" : Do(() => set(options, string.IsNullOrEmpty(section.Value) ? null : section.Value)) ? null : "");

    /// <summary>A JSON list, numbered keys (<c>AllowedHosts__0</c>), or texts with commas between.</summary>
    public static SettingTable<T> Texts<T>(this SettingTable<T> table, string name, Action<T, string> add) => table.Add(name, (section, options) =>
    {
        foreach (var text in TextsOf(section))
        {
            add(options, text);
        }

        return null;
    });

    public static SettingTable<T> Addresses<T>(this SettingTable<T> table, string name, Action<T, IPAddress> add) => table.Add(name, (section, options) =>
    {
        foreach (var text in TextsOf(section))
        {
            if (!IPAddress.TryParse(text.Trim('[', ']'), out var address))
            {
                return $"IP addresses such as 192.168.1.20 or fd00::20, not '{text}'";
            }

            add(options, address);
        }

        return null;
    });

    public static IEnumerable<string> TextsOf(IConfigurationSection section) => section.GetChildren().Select(child => child.Value).Prepend(section.Value)
        .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    public static bool TryParseTime(string text, out TimeSpan time)
    {
        var digits = text.TrimEnd().TrimEnd([.. "abcdefghijklmnopqrstuvwxyz"]);
        var unit = text.Trim()[digits.TrimStart().Length..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "min" or "m" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            "d" => TimeSpan.FromDays(1),
            _ => TimeSpan.Zero,
        };
        time = default;
        if (unit == TimeSpan.Zero)
        {
            // A bare number would be days to .NET, and seconds to everybody else.
            return text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out time);
        }

        var isNumber = double.TryParse(digits.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value * unit.TotalDays < 10_000;
        time = isNumber ? value * unit : default;
        return isNumber;
    }

    private static bool TryParseBitRate(string text, out int rate)
    {
        var factor = text.Trim()[^1] switch
        {
            'k' or 'K' => 1_000,
            'm' or 'M' => 1_000_000,
            _ => 1,
        };
        var digits = factor == 1 ? text : text.Trim()[..^1];
        var isRate = double.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value) && value * factor <= int.MaxValue;
        rate = isRate ? (int)(value * factor) : 0;
        return isRate;
    }

    private static SettingTable<T> Scalar<T>(this SettingTable<T> table, string name, string right, Func<string, T, bool> trySet) =>
        table.Add(name, (section, options) => !string.IsNullOrWhiteSpace(section.Value) && trySet(section.Value, options) ? null : right);

    private static bool Do(Action set)
    {
        set();
        return true;
    }
}
