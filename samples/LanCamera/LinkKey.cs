using P2PCam.AspNetCore;

namespace LanCamera;

/// <summary>
/// What the link for a phone's camera is signed with. It is kept beside the certificate authority, so that the phone is back on air by itself after this program
/// was started again.
/// </summary>
internal static class LinkKey
{
    private const string FileName = "link-key";

    /// <exception cref="UsageException">The file cannot be read or written.</exception>
    public static byte[] Load(string? dataDirectory)
    {
        var folder = dataDirectory ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "P2PCam");
        var path = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(path) && File.ReadAllBytes(path) is { Length: P2PCamTokens.KeyBytes } kept ? kept : Make(folder, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The key for the camera's link cannot be kept: {e.Message} Choose another folder by --data-dir.");
        }
    }

    private static byte[] Make(string folder, string path)
    {
        var key = P2PCamTokens.CreateKey();
        Directory.CreateDirectory(folder);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(key);
        return key;
    }
}
