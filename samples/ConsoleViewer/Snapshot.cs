using P2PCam;
using SkiaSharp;

namespace ConsoleViewer;

/// <summary>Saves a picture as PNG or JPEG.</summary>
internal static class Snapshot
{
    private const int JpegQuality = 92;

    /// <exception cref="UsageException">Not a kind of picture that can be written, or a folder that is not there.</exception>
    public static string CheckPath(string text)
    {
        var path = Path.GetFullPath(text);
        if (Path.GetExtension(path).ToLowerInvariant() is not (".png" or ".jpg" or ".jpeg"))
        {
            throw new UsageException($"--snapshot takes a file that ends in .png or .jpg, not '{text}'.");
        }

        return Directory.Exists(Path.GetDirectoryName(path)) ? path : throw new UsageException($"--snapshot: there is no folder '{Path.GetDirectoryName(path)}'.");
    }

    /// <summary>Writes a frame in <see cref="PixelFormat.Bgra32"/>.</summary>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public static void Save(VideoFrame frame, string path)
    {
        var info = new SKImageInfo(frame.Width, frame.Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        using var image = SKImage.FromPixelCopy(info, frame.GetPlane(0), frame.GetStride(0));
        using var data = path.EndsWith(".png", StringComparison.OrdinalIgnoreCase)
            ? image.Encode(SKEncodedImageFormat.Png, 100)
            : image.Encode(SKEncodedImageFormat.Jpeg, JpegQuality);
        try
        {
            using var file = File.Create(path);
            data.SaveTo(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--snapshot: {e.Message}");
        }
    }
}
