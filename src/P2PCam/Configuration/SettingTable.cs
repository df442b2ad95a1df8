using Microsoft.Extensions.Configuration;

namespace P2PCam.Configuration;

/// <summary>
/// The settings of one options class: which keys there are, and how each is read. Written out instead of bound by reflection, so that it works compiled ahead of time,
/// refuses what it does not know, and says in words what would be right.
/// </summary>
/// <param name="firstError">The rule that holds for these options wherever they come from: null, or what is wrong with them.</param>
internal sealed class SettingTable<T>(Func<T, string?>? firstError = null)
{
    private readonly Dictionary<string, Func<IConfigurationSection, T, string?>> _settings = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _secrets = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<string> Names => _settings.Keys;

    /// <param name="name">The key, which is the property's name.</param>
    /// <param name="apply">Sets it; returns null, or what would have been right.</param>
    /// <param name="isSecret">Whether its value must not be repeated.</param>
    public SettingTable<T> Add(string name, Func<IConfigurationSection, T, string?> apply, bool isSecret = false)
    {
        _settings.Add(name, apply);
        if (isSecret)
        {
            _secrets.Add(name);
        }

        return this;
    }

    /// <summary>Sets what the section says; what is wrong with it comes back, one sentence for each key.</summary>
    /// <param name="section">Where the keys are.</param>
    /// <param name="options">What they set.</param>
    /// <param name="others">Keys that somebody else reads.</param>
    /// <param name="passOver">Whether somebody else complains about keys that nobody knows.</param>
    public List<string> Apply(IConfiguration section, T options, IReadOnlyCollection<string>? others = null, bool passOver = false)
    {
        var errors = new List<string>();
        foreach (var child in section.GetChildren())
        {
            if (others?.Contains(child.Key, StringComparer.OrdinalIgnoreCase) == true || (passOver && !_settings.ContainsKey(child.Key)))
            {
                continue;
            }

            if (!_settings.TryGetValue(child.Key, out var apply))
            {
                errors.Add(SettingWords.Unknown(child.Path, child.Key, _settings.Keys.Concat(others ?? [])));
                continue;
            }

            // Asked before and after, so that the rule's words land on the key that broke it.
            var before = firstError?.Invoke(options);
            if (apply(child, options) is { } right)
            {
                var what = _secrets.Contains(child.Key) ? "is something else"
                    : child.GetChildren().Any() ? "is a section"
                    : child.Value is null ? "is null"
                    : $"is '{child.Value}'";
                errors.Add($"{child.Path} {what}; it takes {right}.");
            }
            else if (firstError?.Invoke(options) is { } broken && broken != before)
            {
                errors.Add($"{child.Path}: {broken}");
            }
        }

        return errors;
    }
}
