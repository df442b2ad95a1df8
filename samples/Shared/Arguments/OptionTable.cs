namespace Samples;

/// <summary>The options of one program, and how to read a command line by them: <c>--name value</c>, <c>--name=value</c> and plain <c>--name</c>.</summary>
internal sealed class OptionTable<T>
{
    private readonly Dictionary<string, Action<T, string?>> _options = new(StringComparer.Ordinal);
    private readonly HashSet<string> _switches = new(StringComparer.Ordinal);

    /// <summary>An option that takes no value.</summary>
    public OptionTable<T> Switch(string name, Action<T> turnOn)
    {
        _options.Add(name, (options, _) => turnOn(options));
        _switches.Add(name);
        return this;
    }

    /// <summary>An option that needs a value.</summary>
    public OptionTable<T> Value(string name, Action<T, string> set)
    {
        _options.Add(name, (options, text) => set(options, text is { Length: > 0 } ? text : throw new UsageException($"{name} needs a value.")));
        return this;
    }

    /// <summary>An option that may stand alone.</summary>
    public OptionTable<T> OptionalValue(string name, Action<T, string?> set)
    {
        _options.Add(name, set);
        return this;
    }

    /// <exception cref="UsageException">An unknown option, a missing value, or one out of its range.</exception>
    public T Parse(IReadOnlyList<string> arguments, T options)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = Split(arguments[i]);
            if (!_options.TryGetValue(name, out var set))
            {
                throw new UsageException($"There is no option '{arguments[i]}'.{Suggestion(name)} --help lists them all.");
            }

            if (_switches.Contains(name))
            {
                set(options, value is null ? null : throw new UsageException($"{name} takes no value."));
                continue;
            }

            value ??= i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal) ? arguments[++i] : null;
            set(options, value);
        }

        return options;
    }

    private static (string Name, string? Value) Split(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal) && argument.IndexOf('=', StringComparison.Ordinal) is var at and > 0
            ? (argument[..at], argument[(at + 1)..])
            : (argument, null);

    private string Suggestion(string name)
    {
        var near = _options.Keys.FirstOrDefault(known =>
            name.Length > 3 && (known.StartsWith(name, StringComparison.OrdinalIgnoreCase) || name.TrimStart('-').Equals(known.TrimStart('-'), StringComparison.OrdinalIgnoreCase)));
        return near is null ? "" : $" Did you mean {near}?";
    }
}
