using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// Codes rows of macroblocks. Each thread has its own, with all scratch memory; what rows share is in <see cref="FrameState"/>. A macroblock's bits
/// follow from the frame's inputs and from its neighbours above and to the left alone, so that they are the same whoever codes it.
/// </summary>
internal sealed class RowCoder
{
    private readonly FrameState _state;
    private readonly FrameInputs _inputs;
    private readonly MacroblockCoder _coder;
    private readonly IntraCoder _intra;
    private readonly InterCoder _inter;

    public RowCoder(FrameState state, FrameInputs inputs)
    {
        (_state, _inputs) = (state, inputs);
        _coder = new MacroblockCoder(state);
        _intra = new IntraCoder(state, _coder);
        _inter = new InterCoder(state, _coder, _intra);
    }

    /// <summary>How often each token occurred in the rows coded since <see cref="BeginFrame"/>.</summary>
    public ReadOnlySpan<int> TokenCounts => _coder.Tokens.Counts;

    public void BeginFrame()
    {
        _coder.BeginFrame();
        _intra.BeginFrame(_inputs.IsKeyFrame, _inputs.Probabilities);
        if (!_inputs.IsKeyFrame)
        {
            _inter.BeginFrame(_inputs.Probabilities, _inputs.Scroll);
        }
    }

    /// <summary>Codes one row, never further than one macroblock short of the row above: intra prediction looks there, up and to the right.</summary>
    public void CodeRow(int row, RowProgress progress)
    {
        _coder.BeginRow(_state.Tokens[row]);
        var ready = row == 0 ? int.MaxValue : 0;
        for (var column = 0; column < _state.Columns; column++)
        {
            var needed = Math.Min(column + 2, _state.Columns);
            if (ready < needed)
            {
                ready = progress.WaitFor(row - 1, needed);
            }

            var place = new MacroblockPlace(_inputs.Source, _inputs.Target, column, row);
            var hasCoefficients = _inputs.IsKeyFrame ? CodeKeyMacroblock(place) : _inter.Code(place, _inputs.References, _inputs.Quantizers, _inputs.FineQuantizers);
            _state.Info(column, row).HasNoCoefficients = !hasCoefficients;
            progress.Publish(row, column + 1);
        }

        _coder.EndRow();
    }

    private bool CodeKeyMacroblock(in MacroblockPlace place)
    {
        ref var info = ref _state.Info(place.Column, place.Row);
        var quantizers = _inputs.Quantizers;
        var mode = _intra.ChooseLuma(place, quantizers, out var cost);
        if (_intra.CodeSubblocks(place, quantizers, cost) < cost)
        {
            mode = MacroblockMode.Subblocks;
        }
        else
        {
            _state.SetImpliedSubblockModes(place.Column, place.Row, mode);
            _intra.CodeLuma(place, mode, quantizers);
        }

        _state.Refinement.Pass((place.Row * _state.Columns) + place.Column);
        info = new MacroblockInfo { Mode = mode, ChromaMode = _intra.CodeChroma(place, quantizers), Reference = ReferenceKind.Intra };
        return _coder.RecordTokens(place.Column, hasY2: mode != MacroblockMode.Subblocks);
    }
}
