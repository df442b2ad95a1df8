using System.Globalization;
using Microsoft.Extensions.Options;

namespace P2PCam.Configuration;

/// <summary>What is wrong with a key of configuration, in words.</summary>
internal static class SettingWords
{
    private const int MostMistakes = 2;

    public static string Unknown(string path, string key, IEnumerable<string> known)
    {
        var names = known.Order(StringComparer.Ordinal).ToList();
        var near = names.Select(name => (Name: name, Mistakes: Mistakes(name.ToUpperInvariant(), key.ToUpperInvariant()))).Where(pair => pair.Mistakes <= MostMistakes).OrderBy(pair => pair.Mistakes).FirstOrDefault();
        return $"{path} is no setting.{(near.Name is null ? $" There are {string.Join(", ", names)}." : $" Did you mean {near.Name}?")}";
    }

    /// <exception cref="OptionsValidationException">There is something in the list.</exception>
    public static void ThrowIfAny(string name, Type options, IReadOnlyCollection<string> errors)
    {
        if (errors.Count > 0)
        {
            throw new OptionsValidationException(name, options, errors);
        }
    }

    public static string Number(double value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);

    // The least number of letters to change, leave out or put in (Levenshtein 1966).
    private static int Mistakes(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var corner = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), corner + (left[i - 1] == right[j - 1] ? 0 : 1));
                corner = above;
            }
        }

        return row[^1];
    }
}
