namespace P2PCam.Sources.TestPattern;

/// <summary>The font at one size. Each glyph is rendered when it is first used and kept.</summary>
internal sealed class GlyphSet
{
    private readonly Dictionary<char, CoverageMask> _masks = [];
    private readonly float _unit;
    private readonly float _stroke;

    /// <param name="capHeight">Height of a capital in pixels.</param>
    /// <param name="weight">Width of the pen as a fraction of that.</param>
    public GlyphSet(float capHeight, float weight = 0.13f)
    {
        CapHeight = capHeight;
        _stroke = Math.Max(1, capHeight * weight);
        _unit = Math.Max(0, capHeight - _stroke) / StrokeFont.CapHeight;
    }

    public float CapHeight { get; }

    public CoverageMask Get(char character)
    {
        if (!_masks.TryGetValue(character, out var mask))
        {
            _masks.Add(character, mask = CoverageMask.Glyph(character, _unit, _stroke));
        }

        return mask;
    }

    /// <summary>Pixels from the left edge of a glyph to that of the next.</summary>
    public float Advance(char character) => ((StrokeFont.GetWidth(character) + StrokeFont.Spacing) * _unit) + (_stroke / 2);

    /// <summary>Width of a text in pixels.</summary>
    public float Measure(ReadOnlySpan<char> text)
    {
        var width = 0f;
        foreach (var character in text)
        {
            width += Advance(character);
        }

        return text.IsEmpty ? 0 : width - (StrokeFont.Spacing * _unit) + (_stroke / 2);
    }
}
