using System.Runtime.Intrinsics;
using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// Divides coefficients by a step, rounding so that what lies below a part of a step becomes zero. The quotient is taken by a multiplication with the
/// reciprocal; the first lane is DC.
/// </summary>
internal readonly unsafe struct Quantizer
{
    private readonly Vector128<short> _stepFirst;
    private readonly Vector128<short> _stepRest;
    private readonly Vector128<short> _reciprocalFirst;
    private readonly Vector128<short> _reciprocalRest;
    private readonly Vector128<short> _roundFirst;
    private readonly Vector128<short> _roundRest;

    /// <param name="dcStep">Step of the first coefficient, at least 4.</param>
    /// <param name="acStep">Step of the others, at least 4.</param>
    /// <param name="rounding">What is added before dividing, in 1/128 of a step; 64 rounds to nearest.</param>
    public Quantizer(int dcStep, int acStep, int rounding)
    {
        _stepRest = Vector128.Create((short)acStep);
        _stepFirst = _stepRest.WithElement(0, (short)dcStep);
        _reciprocalRest = Vector128.Create((short)(65536 / acStep));
        _reciprocalFirst = _reciprocalRest.WithElement(0, (short)(65536 / dcStep));
        _roundRest = Vector128.Create((short)(acStep * rounding / 128));
        _roundFirst = _roundRest.WithElement(0, (short)(dcStep * rounding / 128));
    }

    public int AcStep => _stepRest[0];

    public int DcStep => _stepFirst[0];

    /// <summary>
    /// Turns 16 coefficients into levels and the coefficients that these stand for. Returns one more than the zigzag place of the last
    /// level that is not zero; 0 where there is none.
    /// </summary>
    public int Quantize(short* coefficients, short* levels) =>
        Vector128.IsHardwareAccelerated ? QuantizeVector(coefficients, levels) : QuantizeScalar(coefficients, levels);

    public int QuantizeScalar(short* coefficients, short* levels)
    {
        var end = 0;
        for (var i = 0; i < 16; i++)
        {
            var place = TokenTables.ZigZag[i];
            var (step, reciprocal, round) = place == 0
                ? (_stepFirst[0], _reciprocalFirst[0], _roundFirst[0])
                : (_stepRest[0], _reciprocalRest[0], _roundRest[0]);
            var level = ((Math.Abs(coefficients[place]) + round) * reciprocal) >> 16;
            level = coefficients[place] < 0 ? -level : level;
            levels[place] = (short)level;
            coefficients[place] = (short)(level * step);
            end = level != 0 ? i + 1 : end;
        }

        return end;
    }

    public int QuantizeVector(short* coefficients, short* levels)
    {
        var first = Divide(Vector128.Load(coefficients), _roundFirst, _reciprocalFirst);
        var rest = Divide(Vector128.Load(coefficients + 8), _roundRest, _reciprocalRest);
        first.Store(levels);
        rest.Store(levels + 8);
        (first * _stepFirst).Store(coefficients);
        (rest * _stepRest).Store(coefficients + 8);
        if ((first | rest) == Vector128<short>.Zero)
        {
            return 0;
        }

        var end = 16;
        while (levels[TokenTables.ZigZag[end - 1]] == 0)
        {
            end--;
        }

        return end;
    }

    private static Vector128<short> Divide(Vector128<short> value, Vector128<short> round, Vector128<short> reciprocal)
    {
        var sign = Vector128.ShiftRightArithmetic(value, 15);
        var magnitude = (value ^ sign) - sign;
        return (VectorMath.MultiplyHigh(magnitude + round, reciprocal) ^ sign) - sign;
    }
}
