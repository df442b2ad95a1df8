namespace VideoTool.Containers;

/// <summary>Opens files by what is in them, and makes files by what they are called.</summary>
internal static class VideoFiles
{
    public const string Pipe = "-";

    private const int MagicLength = 9;

    /// <summary>Compressed frames.</summary>
    /// <exception cref="UsageException">There is no such file, or it may not be read.</exception>
    /// <exception cref="VideoFileException">It is none of the kinds that are read.</exception>
    public static IFrameReader OpenFrames(string path) => Open(path, (stream, kind) => kind switch
    {
        Kind.Ivf => TimedFrameReader.Wrap(new IvfReader(stream)),
        Kind.WebM => TimedFrameReader.Wrap(new WebMReader(stream)),
        Kind.Y4m => throw new VideoFileException($"{path} is Y4M, which is not compressed; IVF or WebM is needed here."),
        _ => throw Unknown(path),
    });

    /// <summary>Pictures: Y4M as they are, IVF and WebM decoded.</summary>
    /// <exception cref="UsageException">There is no such file, or it may not be read.</exception>
    /// <exception cref="VideoFileException">It is none of the kinds that are read.</exception>
    public static IPictureReader OpenPictures(string path) => path == Pipe
        ? new Y4mReader(new BufferedStream(Console.OpenStandardInput(), 1 << 20))
        : Open<IPictureReader>(path, (stream, kind) => kind switch
        {
            Kind.Y4m => new Y4mReader(stream),
            Kind.Ivf => new DecodedReader(TimedFrameReader.Wrap(new IvfReader(stream))),
            Kind.WebM => new DecodedReader(TimedFrameReader.Wrap(new WebMReader(stream))),
            _ => throw Unknown(path),
        });

    /// <summary>Whether the file is Y4M.</summary>
    /// <exception cref="UsageException">There is no such file, or it may not be read.</exception>
    public static bool IsY4m(string path) => path == Pipe || Open(path, (stream, kind) =>
    {
        stream.Dispose();
        return kind == Kind.Y4m;
    });

    public static IFrameWriter CreateFrames(string path, int width, int height, Rational frameRate) => Extension(path) switch
    {
        ".ivf" => new IvfWriter(Create(path), width, height, frameRate),
        ".webm" => new WebMWriter(Create(path), width, height, frameRate),
        _ => throw new UsageException($"VP8 is written to files that end in .ivf or .webm, not '{path}'."),
    };

    public static Y4mWriter CreatePictures(string path, int width, int height, Rational frameRate) => path == Pipe
        ? new Y4mWriter(Console.OpenStandardOutput(), width, height, frameRate)
        : Extension(path) == ".y4m"
            ? new Y4mWriter(Create(path), width, height, frameRate)
            : throw new UsageException($"Pictures are written to a file that ends in .y4m, or to '-' for standard output, not '{path}'.");

    /// <summary>A new file; one that is there already is replaced.</summary>
    /// <exception cref="UsageException">It cannot be written.</exception>
    public static FileStream Create(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1 << 18);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{path}' cannot be written: {e.Message}");
        }
    }

    /// <exception cref="UsageException">The two are the same file, which writing would destroy.</exception>
    public static void CheckDifferent(string input, string output)
    {
        if (input != Pipe && output != Pipe && Path.GetFullPath(input) == Path.GetFullPath(output))
        {
            throw new UsageException($"'{output}' would overwrite what is read; give it another name.");
        }
    }

    private static T Open<T>(string path, Func<Stream, Kind, T> open)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 18);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(File.Exists(path) ? $"'{path}' cannot be read: {e.Message}" : $"There is no file '{path}'.");
        }

        try
        {
            return open(stream, KindOf(stream));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static Kind KindOf(FileStream stream)
    {
        if (!stream.CanSeek)
        {
            // A named pipe, as '-' is a nameless one.
            return Kind.Y4m;
        }

        Span<byte> magic = stackalloc byte[MagicLength];
        magic.Clear();
        stream.ReadAtLeast(magic, MagicLength, throwOnEndOfStream: false);
        stream.Position = 0;
        return magic.StartsWith("YUV4MPEG2"u8) ? Kind.Y4m
            : magic.StartsWith("DKIF"u8) ? Kind.Ivf
            : magic.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]) ? Kind.WebM
            : Kind.Unknown;
    }

    private static string Extension(string path) => Path.GetExtension(path).ToLowerInvariant();

    private static VideoFileException Unknown(string path) =>
        new($"{path} is neither Y4M nor IVF nor WebM. FFmpeg makes Y4M of most files: ffmpeg -i {path} -pix_fmt yuv420p OUT.y4m");

    private enum Kind
    {
        Unknown,
        Y4m,
        Ivf,
        WebM,
    }
}
