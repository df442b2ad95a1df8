using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>Writes the second half of the first partition: mode probabilities, then each macroblock's modes (RFC 6386 sections 9.10, 11, 16, 17).</summary>
internal sealed class ModeWriter(FrameState state)
{
    private readonly int[] _vectorBranches = new int[4 * MotionVectorProbabilities.PerComponent];
    private readonly int[] _lumaModes = new int[5];
    private readonly int[] _chromaModes = new int[4];

    // Macroblocks by ReferenceKind.
    private readonly int[] _references = new int[4];

    public void Write(BoolEncoder output, bool isKeyFrame, in SegmentHeader segments, FrameProbabilities probabilities)
    {
        Count(out var skipped);
        var total = state.Columns * state.Rows;
        int skipProbability = TokenProbabilityUpdate.Best(total - skipped, skipped);
        output.WriteFlag(true); // macroblocks without coefficients are flagged
        output.WriteLiteral(skipProbability, 8);
        var (intra, last, golden, altRef) = (_references[0], _references[1], _references[2], _references[3]);
        int intraProbability = TokenProbabilityUpdate.Best(intra, total - intra);
        int lastProbability = golden + altRef == 0 ? 255 : TokenProbabilityUpdate.Best(last, golden + altRef);
        int goldenProbability = TokenProbabilityUpdate.Best(golden, altRef);
        if (!isKeyFrame)
        {
            output.WriteLiteral(intraProbability, 8);
            output.WriteLiteral(lastProbability, 8); // last, not golden or altref
            output.WriteLiteral(goldenProbability, 8); // golden, not altref
            WriteModeProbabilities(output, Trees.LumaMode, _lumaModes, probabilities.LumaModes);
            WriteModeProbabilities(output, Trees.ChromaMode, _chromaModes, probabilities.ChromaModes);
            WriteVectorProbabilities(output, probabilities.Vectors);
        }

        for (var row = 0; row < state.Rows; row++)
        {
            for (var column = 0; column < state.Columns; column++)
            {
                ref var info = ref state.Info(column, row);
                segments.WriteSegment(output, state.Refinement.IsFine((row * state.Columns) + column));
                output.Write(info.HasNoCoefficients, skipProbability);
                if (isKeyFrame)
                {
                    WriteKeyModes(output, info, column, row);
                    continue;
                }

                output.Write(info.Reference != ReferenceKind.Intra, intraProbability);
                if (info.Reference == ReferenceKind.Intra)
                {
                    WriteIntraModes(output, info, column, row, probabilities);
                }
                else
                {
                    output.Write(info.Reference != ReferenceKind.Last, lastProbability);
                    if (info.Reference != ReferenceKind.Last)
                    {
                        output.Write(info.Reference == ReferenceKind.AltRef, goldenProbability);
                    }

                    WriteInterMode(output, info, column, row, probabilities);
                }
            }
        }
    }

    private void WriteKeyModes(BoolEncoder output, in MacroblockInfo info, int column, int row)
    {
        output.WriteTree(Trees.KeyLumaMode, ModeProbabilities.KeyLuma, (int)info.Mode);
        if (info.Mode == MacroblockMode.Subblocks)
        {
            for (var i = 0; i < 16; i++)
            {
                var probabilities = SubblockModeProbabilities.Key(state.SubblockModeAbove(column, row, i), state.SubblockModeLeft(column, row, i));
                output.WriteTree(Trees.SubblockMode, probabilities, state.SubblockModes[(((row * state.Columns) + column) * 16) + i]);
            }
        }

        output.WriteTree(Trees.ChromaMode, ModeProbabilities.KeyChroma, (int)info.ChromaMode);
    }

    private void WriteIntraModes(BoolEncoder output, in MacroblockInfo info, int column, int row, FrameProbabilities probabilities)
    {
        output.WriteTree(Trees.LumaMode, probabilities.LumaModes, (int)info.Mode);
        if (info.Mode == MacroblockMode.Subblocks)
        {
            foreach (var mode in state.SubblockModes.AsSpan(((row * state.Columns) + column) * 16, 16))
            {
                output.WriteTree(Trees.SubblockMode, SubblockModeProbabilities.Inter, mode);
            }
        }

        output.WriteTree(Trees.ChromaMode, probabilities.ChromaModes, (int)info.ChromaMode);
    }

    private void WriteInterMode(BoolEncoder output, in MacroblockInfo info, int column, int row, FrameProbabilities probabilities)
    {
        var neighbors = state.Neighbors(column, row, MotionBounds.For(row, column, state.Rows, state.Columns));
        output.Write(info.Mode != MacroblockMode.ZeroMv, neighbors.ModeProbability(0));
        if (info.Mode == MacroblockMode.ZeroMv)
        {
            return;
        }

        output.Write(info.Mode != MacroblockMode.NearestMv, neighbors.ModeProbability(1));
        if (info.Mode == MacroblockMode.NearestMv)
        {
            return;
        }

        output.Write(info.Mode != MacroblockMode.NearMv, neighbors.ModeProbability(2));
        if (info.Mode == MacroblockMode.NearMv)
        {
            return;
        }

        output.Write(info.Mode == MacroblockMode.SplitMv, neighbors.ModeProbability(3));
        if (info.Mode == MacroblockMode.SplitMv)
        {
            PartVectors.Write(output, state, column, row, neighbors.Best, probabilities.Vectors);
        }
        else
        {
            VectorCosts.Write(output, info.Vector, neighbors.Best, probabilities.Vectors);
        }
    }

    private void Count(out int skipped)
    {
        skipped = 0;
        Array.Clear(_references);
        Array.Clear(_vectorBranches);
        Array.Clear(_lumaModes);
        Array.Clear(_chromaModes);
        for (var row = 0; row < state.Rows; row++)
        {
            for (var column = 0; column < state.Columns; column++)
            {
                ref var info = ref state.Info(column, row);
                skipped += info.HasNoCoefficients ? 1 : 0;
                _references[(int)info.Reference]++;
                if (info.Reference == ReferenceKind.Intra)
                {
                    _lumaModes[(int)info.Mode]++;
                    _chromaModes[(int)info.ChromaMode]++;
                }
                else if (info.Mode is MacroblockMode.NewMv or MacroblockMode.SplitMv)
                {
                    var best = state.Neighbors(column, row, MotionBounds.For(row, column, state.Rows, state.Columns)).Best;
                    if (info.Mode == MacroblockMode.NewMv)
                    {
                        VectorCosts.Count(info.Vector, best, _vectorBranches);
                    }
                    else
                    {
                        PartVectors.Count(state, column, row, best, _vectorBranches);
                    }
                }
            }
        }
    }

    // All of them or none (RFC 6386 section 9.10).
    private static void WriteModeProbabilities(BoolEncoder output, ReadOnlySpan<sbyte> tree, ReadOnlySpan<int> counts, Span<byte> probabilities)
    {
        Span<int> branches = stackalloc int[2 * probabilities.Length];
        branches.Clear();
        for (var leaf = 0; leaf < counts.Length; leaf++)
        {
            var (bits, count) = TreePath.Find(tree, leaf);
            for (var node = 0; count > 0;)
            {
                var bit = (bits >> --count) & 1;
                branches[node + bit] += counts[leaf];
                node = tree[node + bit];
            }
        }

        Span<byte> wanted = stackalloc byte[probabilities.Length];
        long saved = -8 * BitCost.One * probabilities.Length;
        for (var i = 0; i < wanted.Length; i++)
        {
            wanted[i] = TokenProbabilityUpdate.Best(branches[2 * i], branches[(2 * i) + 1]);
            saved += TokenProbabilityUpdate.Cost(branches[2 * i], branches[(2 * i) + 1], probabilities[i])
                - TokenProbabilityUpdate.Cost(branches[2 * i], branches[(2 * i) + 1], wanted[i]);
        }

        output.WriteFlag(saved > 0);
        if (saved > 0)
        {
            wanted.CopyTo(probabilities);
            foreach (var probability in wanted)
            {
                output.WriteLiteral(probability, 8);
            }
        }
    }

    // Seven bits each; 0 stands for 1 (RFC 6386 section 17.2).
    private void WriteVectorProbabilities(BoolEncoder output, Span<byte> probabilities)
    {
        var updates = MotionVectorProbabilities.Update;
        for (var i = 0; i < probabilities.Length; i++)
        {
            var (zeros, ones) = (_vectorBranches[2 * i], _vectorBranches[(2 * i) + 1]);
            var half = TokenProbabilityUpdate.Best(zeros, ones) >> 1;
            var wanted = (byte)(half == 0 ? 1 : half << 1);
            var saved = TokenProbabilityUpdate.Cost(zeros, ones, probabilities[i]) - TokenProbabilityUpdate.Cost(zeros, ones, wanted);
            var change = saved > (7 * BitCost.One) + BitCost.Of(true, updates[i]) - BitCost.Zero(updates[i]);
            output.Write(change, updates[i]);
            if (change)
            {
                output.WriteLiteral(half, 7);
                probabilities[i] = wanted;
            }
        }
    }
}
