namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// Codes, filters and finishes all rows of a frame, as a wavefront: each thread takes the next row and follows the row above at a distance of two
/// macroblocks. Rows are taken in order, so that the topmost one in work never waits.
/// </summary>
internal sealed class RowPipeline : ITeamWork
{
    private readonly FrameState _state;
    private readonly WorkerTeam _team;
    private readonly RowProgress _coded;
    private readonly RowFinisher _finisher;
    private readonly RowCoder[] _coders;
    private int _nextRow;

    public RowPipeline(FrameState state, FrameInputs inputs, WorkerTeam team)
    {
        (_state, _team) = (state, team);
        _coded = new RowProgress(state.Rows);
        _finisher = new RowFinisher(state, inputs);
        _coders = new RowCoder[Math.Min(team.Size, state.Rows)];
        for (var i = 0; i < _coders.Length; i++)
        {
            _coders[i] = new RowCoder(state, inputs);
        }
    }

    public void CodeFrame()
    {
        _coded.Reset();
        _finisher.BeginFrame();
        _nextRow = 0;
        _team.Run(this);
        _finisher.EndFrame();
    }

    /// <summary>Adds up how often each token occurred in the frame.</summary>
    public void SumTokenCounts(Span<int> sums)
    {
        sums.Clear();
        foreach (var coder in _coders)
        {
            var counts = coder.TokenCounts;
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += counts[i];
            }
        }
    }

    void ITeamWork.Run(int member)
    {
        if (member >= _coders.Length)
        {
            return;
        }

        var coder = _coders[member];
        coder.BeginFrame();
        for (int row; (row = Interlocked.Increment(ref _nextRow) - 1) < _state.Rows;)
        {
            coder.CodeRow(row, _coded);
            _finisher.RowCoded(row);
        }
    }

    void ITeamWork.Abort()
    {
        _coded.Abort();
        _finisher.Abort();
    }
}
