using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// Divides coefficients by a step. A block counts only where some coefficient comes close to a step, since a lone small one costs more than it is
/// worth; then all are rounded more generously. The quotient is taken by a multiplication with the reciprocal; the first lane is DC.
/// </summary>
internal readonly unsafe struct Quantizer
{
    private readonly Vector256<short> _step;
    private readonly Vector256<short> _reciprocal;
    private readonly Vector256<short> _round;
    private readonly Vector256<short> _gate;

    /// <param name="dcStep">Step of the first coefficient, at least 4.</param>
    /// <param name="acStep">Step of the others, at least 4.</param>
    /// <param name="rounding">What is added before dividing, in 1/128 of a step; 64 rounds to nearest.</param>
    /// <param name="gate">What some coefficient must exceed for the block not to be zero, in 1/128 of a step.</param>
    /// <param name="smallest">What it must exceed at least, whatever the step.</param>
    public Quantizer(int dcStep, int acStep, int rounding, int gate, int smallest = 0)
    {
        _step = Vector256.Create((short)acStep).WithElement(0, (short)dcStep);
        _reciprocal = Vector256.Create((short)(65536 / acStep)).WithElement(0, (short)(65536 / dcStep));
        _round = Vector256.Create((short)(acStep * rounding / 128)).WithElement(0, (short)(dcStep * rounding / 128));
        _gate = Vector256.Create((short)Math.Max(smallest, acStep * gate / 128)).WithElement(0, (short)Math.Max(smallest, dcStep * gate / 128));
    }

    public int AcStep => _step[1];

    public int DcStep => _step[0];

    // The n-th byte is the place of the n-th coefficient sent.
    private static Vector128<byte> ZigZag => Vector128.Create((byte)0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15);

    /// <summary>
    /// Turns 16 coefficients into levels and the coefficients that these stand for. Returns one more than the zigzag place of the last
    /// level that is not zero; 0 where there is none.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Quantize(short* coefficients, short* levels) =>
        Avx2.IsSupported ? QuantizeWide(coefficients, levels)
        : Vector128.IsHardwareAccelerated ? QuantizeVector(coefficients, levels)
        : QuantizeScalar(coefficients, levels);

    public int QuantizeScalar(short* coefficients, short* levels)
    {
        var (end, passes) = (0, false);
        for (var i = 0; i < 16; i++)
        {
            passes |= Math.Abs(coefficients[i]) > _gate[i];
        }

        for (var i = 0; i < 16; i++)
        {
            var place = TokenTables.ZigZag[i];
            var level = passes ? ((Math.Abs(coefficients[place]) + _round[place]) * _reciprocal[place]) >> 16 : 0;
            level = coefficients[place] < 0 ? -level : level;
            levels[place] = (short)level;
            coefficients[place] = (short)(level * _step[place]);
            end = level != 0 ? i + 1 : end;
        }

        return end;
    }

    public int QuantizeVector(short* coefficients, short* levels)
    {
        var (first, firstSign) = Magnitude(Vector128.Load(coefficients));
        var (rest, restSign) = Magnitude(Vector128.Load(coefficients + 8));
        var passes = Vector128.GreaterThan(first, _gate.GetLower()) | Vector128.GreaterThan(rest, _gate.GetUpper());
        if (passes == Vector128<short>.Zero)
        {
            passes.Store(levels);
            passes.Store(levels + 8);
            passes.Store(coefficients);
            passes.Store(coefficients + 8);
            return 0;
        }

        first = Divide(first, firstSign, _round.GetLower(), _reciprocal.GetLower());
        rest = Divide(rest, restSign, _round.GetUpper(), _reciprocal.GetUpper());
        first.Store(levels);
        rest.Store(levels + 8);
        (first * _step.GetLower()).Store(coefficients);
        (rest * _step.GetUpper()).Store(coefficients + 8);
        return EndOf(Vector128.Equals(first, Vector128<short>.Zero), Vector128.Equals(rest, Vector128<short>.Zero));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int QuantizeWide(short* coefficients, short* levels)
    {
        var value = Vector256.Load(coefficients);
        var magnitude = Avx2.Abs(value).AsInt16();
        if (Vector256.GreaterThan(magnitude, _gate) == Vector256<short>.Zero)
        {
            Vector256<short>.Zero.Store(levels);
            Vector256<short>.Zero.Store(coefficients);
            return 0;
        }

        var level = Avx2.Sign(Avx2.MultiplyHigh(magnitude + _round, _reciprocal), value);
        level.Store(levels);
        (level * _step).Store(coefficients);
        var zero = Vector256.Equals(level, Vector256<short>.Zero);
        return EndOf(zero.GetLower(), zero.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int EndOf(Vector128<short> firstZero, Vector128<short> restZero)
    {
        var bytes = Sse2.IsSupported ? Sse2.PackSignedSaturate(firstZero, restZero).AsByte() : Vector128.Narrow(firstZero, restZero).AsByte();
        return 32 - BitOperations.LeadingZeroCount(~Vector128.Shuffle(bytes, ZigZag).ExtractMostSignificantBits() & 0xFFFF);
    }

    private static (Vector128<short> Magnitude, Vector128<short> Sign) Magnitude(Vector128<short> value)
    {
        var sign = Vector128.ShiftRightArithmetic(value, 15);
        return ((value ^ sign) - sign, sign);
    }

    private static Vector128<short> Divide(Vector128<short> magnitude, Vector128<short> sign, Vector128<short> round, Vector128<short> reciprocal) =>
        (VectorMath.MultiplyHigh(magnitude + round, reciprocal) ^ sign) - sign;
}
