namespace P2PCam.Sources.TestPattern;

/// <summary>The font at one size. Each glyph is rendered when it is first used and kept.</summary>
internal sealed class GlyphSet
{
    private readonly Dictionary<char, Glyph> _glyphs = [];
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

    public Glyph Get(char character)
    {
        if (!_glyphs.TryGetValue(character, out var glyph))
        {
            var advance = ((StrokeFont.GetWidth(character) + StrokeFont.Spacing) * _unit) + (_stroke / 2);
            _glyphs.Add(character, glyph = new Glyph(CoverageMask.Glyph(character, _unit, _stroke), advance));
        }

        return glyph;
    }

    /// <summary>Width of a text in pixels.</summary>
    public float Measure(ReadOnlySpan<char> text)
    {
        var width = 0f;
        foreach (var character in text)
        {
            width += Get(character).Advance;
        }

        return text.IsEmpty ? 0 : width - (StrokeFont.Spacing * _unit) + (_stroke / 2);
    }

    /// <param name="Mask">What to draw.</param>
    /// <param name="Advance">Pixels from the left edge of this glyph to that of the next.</param>
    public readonly record struct Glyph(CoverageMask Mask, float Advance);
}
