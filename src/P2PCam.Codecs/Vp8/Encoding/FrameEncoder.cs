using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// Encodes one picture at a given quantizer. Nothing lasts until <see cref="Commit"/>, so that a frame too large may be encoded again.
/// </summary>
internal sealed class FrameEncoder
{
    private readonly int _width;
    private readonly int _height;
    private readonly bool _keepsProbabilities;
    private readonly FrameInputs _inputs;
    private readonly FrameState _state;
    private readonly RowPipeline _rows;
    private readonly PartitionWriter _partitions;
    private readonly ReferencePictures _references;
    private readonly FrameProbabilities _saved = new();
    private readonly int[] _tokenCounts = new int[TokenBuffer.ContextCount * TokenBuffer.CountsPerContext];
    private FrameBuffer _current;
    private FrameHeader _header;

    /// <param name="width">Picture width.</param>
    /// <param name="height">Picture height.</param>
    /// <param name="keepsProbabilities">Whether an inter frame's probabilities may hold for the next.</param>
    /// <param name="partitions">Token partitions: 1, 2, 4 or 8.</param>
    /// <param name="team">Who works.</param>
    public FrameEncoder(int width, int height, bool keepsProbabilities, int partitions, WorkerTeam team)
    {
        (_width, _height, _keepsProbabilities) = (width, height, keepsProbabilities);
        var (columns, rows) = ((width + 15) / 16, (height + 15) / 16);
        _inputs = new FrameInputs(new FrameBuffer(columns, rows));
        _references = new ReferencePictures(columns, rows);
        _current = _references.Begin();
        Reconstruction = _current;
        _state = new FrameState(columns, rows);
        _rows = new RowPipeline(_state, _inputs, team);
        _partitions = new PartitionWriter(_state, _inputs, team, partitions);
    }

    /// <summary>The picture to encode, in whole macroblocks.</summary>
    public FrameBuffer Source => _inputs.Source;

    /// <summary>What was decided for the frame encoded last.</summary>
    public FrameState State => _state;

    /// <summary>What a decoder shows after the last committed frame.</summary>
    public FrameBuffer Reconstruction { get; private set; }

    /// <summary>Length of the frame that <see cref="Encode"/> made.</summary>
    public int Length => TagLength + _partitions.Length;

    /// <summary>Bits of the frame that are not coefficients.</summary>
    public long ModeBits => (TagLength + _partitions.FirstLength) * 8L;

    private int TagLength => _header.IsKeyFrame ? FrameHeaderWriter.KeyTagLength : FrameHeaderWriter.InterTagLength;

    public void Encode(in FramePlan plan, int quantizerIndex)
    {
        _current = _references.Begin();
        _current.PrepareIntraEdges();
        _inputs.Set(plan, _current, _references, quantizerIndex);
        if (plan.IsKeyFrame)
        {
            _inputs.Probabilities.Reset();
        }
        else
        {
            _inputs.Probabilities.CopyFrom(_saved);
        }

        _state.BeginFrame(plan.IsKeyFrame, plan.Updates.Last);
        _rows.CodeFrame();
        _current.ExtendTopAndBottom();
        _rows.SumTokenCounts(_tokenCounts);

        // Where inter frames keep none, only key frames leave their probabilities behind: a lost frame then spoils pixels, not the parsing.
        var updates = plan.Updates with { KeepsProbabilities = plan.IsKeyFrame || (_keepsProbabilities && plan.Updates.KeepsProbabilities) };
        _header = new FrameHeader(plan.IsKeyFrame, _width, _height, quantizerIndex, _inputs.FilterLevel, updates, Segments());
        _partitions.Write(_header, _tokenCounts);
    }

    /// <summary>Makes the frame just encoded one that later ones refer to, as planned.</summary>
    public void Commit()
    {
        Reconstruction = _current;
        _references.Update(_header.Updates);
        if (_header.Updates.KeepsProbabilities)
        {
            _saved.CopyFrom(_inputs.Probabilities);
        }
    }

    private SegmentHeader Segments()
    {
        var (fine, total) = (_state.Refinement.CountFine(), _state.Columns * _state.Rows);
        return fine == 0 ? default : new(_inputs.FineQuantizers.Index - _inputs.Quantizers.Index, TokenProbabilityUpdate.Best(total - fine, fine));
    }

    public void CopyTo(Span<byte> output)
    {
        FrameHeaderWriter.WriteTag(output, _header, _partitions.FirstLength);
        _partitions.CopyTo(output[TagLength..]);
    }
}
