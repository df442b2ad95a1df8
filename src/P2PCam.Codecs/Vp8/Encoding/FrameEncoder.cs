using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// Encodes one picture at a given quantizer. Nothing lasts until <see cref="Commit"/>, so that a frame too large may be encoded again.
/// </summary>
internal sealed class FrameEncoder
{
    private readonly int _width;
    private readonly int _height;
    private readonly bool _errorResilient;
    private readonly FrameState _state;
    private readonly MacroblockCoder _coder;
    private readonly IntraCoder _intra;
    private readonly InterCoder _inter;
    private readonly ModeWriter _modes;
    private readonly FrameQuantizers _quantizers = new();
    private readonly FrameProbabilities _saved = new();
    private readonly FrameProbabilities _probabilities = new();
    private readonly BoolEncoder _first = new(1 << 14);
    private readonly BoolEncoder _second = new(1 << 16);
    private readonly ReferencePictures _references;
    private FrameBuffer _current;
    private FrameHeader _header;

    public FrameEncoder(int width, int height, bool errorResilient)
    {
        (_width, _height, _errorResilient) = (width, height, errorResilient);
        var (columns, rows) = ((width + 15) / 16, (height + 15) / 16);
        Source = new FrameBuffer(columns, rows);
        _references = new ReferencePictures(columns, rows);
        _current = _references.Begin();
        Reconstruction = _current;
        _state = new FrameState(columns, rows);
        _coder = new MacroblockCoder(columns);
        _intra = new IntraCoder(_state, _coder);
        _inter = new InterCoder(_state, _coder, _intra);
        _modes = new ModeWriter(_state);
    }

    /// <summary>The picture to encode, in whole macroblocks.</summary>
    public FrameBuffer Source { get; }

    /// <summary>What a decoder shows after the last committed frame.</summary>
    public FrameBuffer Reconstruction { get; private set; }

    /// <summary>Length of the frame that <see cref="Encode"/> made.</summary>
    public int Length => (_header.IsKeyFrame ? FrameHeaderWriter.KeyTagLength : FrameHeaderWriter.InterTagLength) + _first.Length + _second.Length;

    public void Encode(in FramePlan plan, int quantizerIndex)
    {
        // With independent frames in mind, only key frames leave their probabilities behind: a lost frame then spoils pixels, not the parsing.
        var isKeyFrame = plan.IsKeyFrame;
        var updates = plan.Updates with { KeepsProbabilities = isKeyFrame || !_errorResilient };
        _header = new FrameHeader(isKeyFrame, _width, _height, quantizerIndex, FilterLevelFor(quantizerIndex), updates);
        _current = _references.Begin();
        _quantizers.Set(quantizerIndex, isKeyFrame);
        if (isKeyFrame)
        {
            _probabilities.Reset();
        }
        else
        {
            _probabilities.CopyFrom(_saved);
            _inter.BeginFrame(_probabilities);
        }

        _intra.BeginFrame(isKeyFrame, _probabilities);
        _coder.BeginFrame();
        _current.PrepareIntraEdges();
        CodeMacroblocks(plan);
        FilterPicture();
        _current.ExtendBorders();
        WritePartitions();
    }

    /// <summary>Makes the frame just encoded the one that later ones refer to.</summary>
    public void Commit()
    {
        Reconstruction = _current;
        _references.Update(_header.Updates);
        if (_header.Updates.KeepsProbabilities)
        {
            _saved.CopyFrom(_probabilities);
        }
    }

    public void CopyTo(Span<byte> output)
    {
        FrameHeaderWriter.WriteTag(output, _header, _first.Length);
        var start = _header.IsKeyFrame ? FrameHeaderWriter.KeyTagLength : FrameHeaderWriter.InterTagLength;
        _first.Written.CopyTo(output[start..]);
        _second.Written.CopyTo(output[(start + _first.Length)..]);
    }

    private static int FilterLevelFor(int quantizerIndex) => Math.Min(63, quantizerIndex / 2);

    private void CodeMacroblocks(in FramePlan plan)
    {
        var references = plan.IsKeyFrame ? default : FrameReferences.Of(plan, _references);
        if (plan.IsKeyFrame)
        {
            _inter.ForgetVectors();
        }

        for (var row = 0; row < _state.Rows; row++)
        {
            _coder.BeginRow();
            for (var column = 0; column < _state.Columns; column++)
            {
                var place = new MacroblockPlace(Source, _current, column, row);
                var hasCoefficients = plan.IsKeyFrame ? CodeKeyMacroblock(place) : _inter.Code(place, references, _quantizers);
                _state.Info(column, row).HasNoCoefficients = !hasCoefficients;
            }
        }
    }

    private bool CodeKeyMacroblock(in MacroblockPlace place)
    {
        ref var info = ref _state.Info(place.Column, place.Row);
        var mode = _intra.ChooseLuma(place, _quantizers, out var cost);
        if (_intra.CodeSubblocks(place, _quantizers, cost) < cost)
        {
            mode = MacroblockMode.Subblocks;
        }
        else
        {
            _state.SetImpliedSubblockModes(place.Column, place.Row, mode);
            _intra.CodeLuma(place, mode, _quantizers);
        }

        info = new MacroblockInfo { Mode = mode, ChromaMode = _intra.CodeChroma(place, _quantizers), Reference = ReferenceKind.Intra };
        return _coder.RecordTokens(place.Column, hasY2: mode != MacroblockMode.Subblocks);
    }

    private void FilterPicture()
    {
        if (_header.FilterLevel == 0)
        {
            return;
        }

        var limits = LoopFilterLimits.For(_header.FilterLevel, 0, _header.IsKeyFrame);
        for (var row = 0; row < _state.Rows; row++)
        {
            for (var column = 0; column < _state.Columns; column++)
            {
                ref var info = ref _state.Info(column, row);
                var inside = !info.HasNoCoefficients || info.Mode is MacroblockMode.Subblocks or MacroblockMode.SplitMv;
                LoopFilter.FilterMacroblock(_current, column, row, limits, inside);
            }
        }
    }

    private void WritePartitions()
    {
        _first.Reset();
        _second.Reset();
        FrameHeaderWriter.WriteFields(_first, _header);
        TokenProbabilityUpdate.Write(_first, _coder.Tokens.Counts, _probabilities.Coefficients);
        _modes.Write(_first, _header.IsKeyFrame, _probabilities);
        _first.Finish();
        _coder.Tokens.Write(_second, _probabilities.Coefficients);
        _second.Finish();
    }
}
