namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// Turns what was decided into bytes: the first partition with header and modes, then 1, 2, 4 or 8 with tokens, of which each takes every so many rows
/// (RFC 6386 section 9.5). Once the token probabilities are in the header, modes and token partitions are written by all threads at once.
/// </summary>
internal sealed class PartitionWriter : ITeamWork
{
    private readonly FrameState _state;
    private readonly FrameInputs _inputs;
    private readonly WorkerTeam _team;
    private readonly ModeWriter _modes;
    private readonly BoolEncoder _first = new(1 << 14);
    private readonly BoolEncoder[] _tokens;
    private SegmentHeader _segments;
    private int _next;

    /// <param name="state">What was decided.</param>
    /// <param name="inputs">The frame's probabilities, which writing changes.</param>
    /// <param name="team">Who writes.</param>
    /// <param name="partitions">Token partitions: 1, 2, 4 or 8.</param>
    public PartitionWriter(FrameState state, FrameInputs inputs, WorkerTeam team, int partitions)
    {
        (_state, _inputs, _team) = (state, inputs, team);
        _modes = new ModeWriter(state);
        _tokens = new BoolEncoder[partitions];
        for (var i = 0; i < partitions; i++)
        {
            _tokens[i] = new BoolEncoder((1 << 16) / partitions);
        }
    }

    /// <summary>Length of the first partition in bytes.</summary>
    public int FirstLength => _first.Length;

    /// <summary>Length in bytes of all that follows the frame tag.</summary>
    public int Length
    {
        get
        {
            var length = _first.Length + (3 * (_tokens.Length - 1));
            foreach (var partition in _tokens)
            {
                length += partition.Length;
            }

            return length;
        }
    }

    public void Write(in FrameHeader header, ReadOnlySpan<int> tokenCounts)
    {
        _first.Reset();
        FrameHeaderWriter.WriteFields(_first, header, _tokens.Length);
        TokenProbabilityUpdate.Write(_first, tokenCounts, _inputs.Probabilities.Coefficients);
        (_segments, _next) = (header.Segments, 0);
        _team.Run(this);
    }

    // After the first partition: the lengths of all token partitions but the last, 3 bytes each, little-endian; then the partitions.
    public void CopyTo(Span<byte> output)
    {
        _first.Written.CopyTo(output);
        var lengths = output[_first.Length..];
        var data = lengths[(3 * (_tokens.Length - 1))..];
        for (var i = 0; i < _tokens.Length; i++)
        {
            var length = _tokens[i].Length;
            if (i < _tokens.Length - 1)
            {
                (lengths[3 * i], lengths[(3 * i) + 1], lengths[(3 * i) + 2]) = ((byte)length, (byte)(length >> 8), (byte)(length >> 16));
            }

            _tokens[i].Written.CopyTo(data);
            data = data[length..];
        }
    }

    void ITeamWork.Run(int member)
    {
        for (int item; (item = Interlocked.Increment(ref _next) - 1) <= _tokens.Length;)
        {
            if (item == 0)
            {
                _modes.Write(_first, _inputs.IsKeyFrame, _segments, _inputs.Probabilities);
                _first.Finish();
            }
            else
            {
                WriteTokens(item - 1);
            }
        }
    }

    void ITeamWork.Abort()
    {
        // Nobody waits for anybody.
    }

    private void WriteTokens(int partition)
    {
        var output = _tokens[partition];
        output.Reset();
        for (var row = partition; row < _state.Rows; row += _tokens.Length)
        {
            TokenWriter.Write(output, _state.Tokens[row], _inputs.Probabilities.Coefficients);
        }

        output.Finish();
    }
}
