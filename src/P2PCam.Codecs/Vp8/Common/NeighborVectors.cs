namespace P2PCam.Codecs.Vp8.Common;

/// <summary>The vectors that a macroblock's neighbours suggest and the contexts of its inter mode (RFC 6386 section 18.3).</summary>
internal readonly ref struct NeighborVectors
{
    private NeighborVectors(MotionVector best, MotionVector nearest, MotionVector near, int packedCounts) =>
        (Best, Nearest, Near, _packedCounts) = (best, nearest, near, packedCounts);

    private readonly int _packedCounts;

    public MotionVector Best { get; }

    public MotionVector Nearest { get; }

    public MotionVector Near { get; }

    /// <summary>Probability of node 0..3 of <see cref="Trees.InterMode"/>.</summary>
    public byte ModeProbability(int node) => ModeProbabilities.InterContexts[(((_packedCounts >> (8 * node)) & 255) * 4) + node];

    /// <summary>
    /// Looks above (weight 2), left (2) and above left (1), joins equal vectors and orders them by weight.
    /// <paramref name="invert"/> has bit k set where reference k has the other sign bias than the reference in question.
    /// </summary>
    public static NeighborVectors Find(
        in MacroblockInfo above, in MacroblockInfo left, in MacroblockInfo aboveLeft, in MotionBounds bounds, int invert = 0)
    {
        // All standing still, as most are: the vector of an intra macroblock is zero too.
        if (above.Vector.IsZero && left.Vector.IsZero && aboveLeft.Vector.IsZero)
        {
            var still = (IsInter(above) * 2) + (IsInter(left) * 2) + IsInter(aboveLeft);
            return new NeighborVectors(default, default, default, still | (CountSplit(above, left, aboveLeft) << 24));
        }

        Span<MotionVector> vectors = stackalloc MotionVector[4];
        Span<int> counts = stackalloc int[4];
        vectors.Clear();
        counts.Clear();
        var found = 0;
        Add(above, 2, invert, vectors, counts, ref found);
        Add(left, 2, invert, vectors, counts, ref found);
        Add(aboveLeft, 1, invert, vectors, counts, ref found);

        // Three distinct entries of which the last equals the first: it strengthens it.
        if (counts[3] > 0 && vectors[3] == vectors[1])
        {
            counts[1]++;
        }

        counts[3] = CountSplit(above, left, aboveLeft);
        if (counts[2] > counts[1])
        {
            (counts[1], counts[2]) = (counts[2], counts[1]);
            (vectors[1], vectors[2]) = (vectors[2], vectors[1]);
        }

        var best = counts[1] >= counts[0] ? vectors[1] : vectors[0];
        var packed = counts[0] | (counts[1] << 8) | (counts[2] << 16) | (counts[3] << 24);
        return new NeighborVectors(best.Clamp(bounds), vectors[1].Clamp(bounds), vectors[2].Clamp(bounds), packed);
    }

    private static int CountSplit(in MacroblockInfo above, in MacroblockInfo left, in MacroblockInfo aboveLeft) =>
        (IsSplit(above) * 2) + (IsSplit(left) * 2) + IsSplit(aboveLeft);

    private static int IsInter(in MacroblockInfo info) => info.Reference == ReferenceKind.Intra ? 0 : 1;

    private static int IsSplit(in MacroblockInfo info) => info.Mode == MacroblockMode.SplitMv ? 1 : 0;

    private static void Add(in MacroblockInfo neighbor, int weight, int invert, Span<MotionVector> vectors, Span<int> counts, ref int found)
    {
        if (neighbor.Reference == ReferenceKind.Intra)
        {
            return;
        }

        if (neighbor.Vector.IsZero)
        {
            counts[0] += weight;
            return;
        }

        var vector = neighbor.Vector;
        if (((invert >> (int)neighbor.Reference) & 1) != 0)
        {
            vector = new MotionVector((short)-vector.Row, (short)-vector.Column);
        }

        if (found == 0 || vector != vectors[found])
        {
            vectors[++found] = vector;
        }

        counts[found] += weight;
    }
}
