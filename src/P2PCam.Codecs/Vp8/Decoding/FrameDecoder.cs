using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Decoding;

/// <summary>Decodes frames of one size; made anew when a key frame has another. Header state lives outside.</summary>
internal sealed class FrameDecoder
{
    private readonly ReferencePictures _references;
    private readonly ModeReader _modes;
    private readonly TokenReader _tokens;
    private readonly PictureFinisher _finisher;
    private readonly Reconstructor _reconstructor = new();
    private readonly Macroblock _macroblock = new();

    public FrameDecoder(int width, int height)
    {
        (Width, Height) = (width, height);
        var (columns, rows) = ((width + 15) / 16, (height + 15) / 16);
        _references = new ReferencePictures(columns, rows);
        _modes = new ModeReader(columns, rows);
        _tokens = new TokenReader(columns);
        _finisher = new PictureFinisher(columns, rows);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Decodes what follows the header and updates the references; false where the data ends too early.</summary>
    public bool Decode(Partitions partitions, FrameHeader header, int profile, Memory<byte> pixels)
    {
        var picture = _references.Begin();
        picture.PrepareIntraEdges();
        _modes.BeginFrame(header);
        _tokens.BeginFrame();
        _reconstructor.BeginFrame(profile);
        _finisher.BeginFrame(picture, header.Filter, new OutputPicture(pixels, Width, Height));
        for (var row = 0; row < _references.Rows; row++)
        {
            ref var tokens = ref partitions.Tokens(row, header.TokenPartitions);
            DecodeRow(row, ref partitions.First, ref tokens, header, picture);
            if (partitions.First.IsExhausted || tokens.IsExhausted)
            {
                return false;
            }

            _finisher.RowDecoded(row);
        }

        _finisher.EndFrame();
        _references.Update(header.References);
        return true;
    }

    /// <summary>Copies the last picture.</summary>
    public void Repeat(Memory<byte> pixels)
    {
        var output = new OutputPicture(pixels, Width, Height);
        for (var row = 0; row < _references.Rows; row++)
        {
            output.CopyRow(_references[ReferenceKind.Last], row);
        }
    }

    private void DecodeRow(int row, ref BoolDecoder modes, ref BoolDecoder tokens, FrameHeader header, FrameBuffer picture)
    {
        _modes.BeginRow();
        _tokens.BeginRow();
        var macroblock = _macroblock;
        macroblock.Row = row;
        for (var column = 0; column < _references.Columns; column++)
        {
            macroblock.Column = column;
            _modes.Read(ref modes, header, macroblock);
            if (macroblock.Info.HasNoCoefficients)
            {
                _tokens.Skip(macroblock);
            }
            else
            {
                macroblock.Info.HasNoCoefficients = !_tokens.Read(
                    ref tokens, header.Probabilities.Coefficients, header.Dequantizers[macroblock.Segment], macroblock);
            }

            _reconstructor.Build(macroblock, _references, picture);
            _finisher.SetFilter(macroblock);
        }
    }
}
