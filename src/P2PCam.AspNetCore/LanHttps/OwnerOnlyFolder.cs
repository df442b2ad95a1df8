using System.Text;

namespace P2PCam.AspNetCore.LanHttps;

/// <summary>
/// A folder that only its owner can look into, with files that are replaced as a whole or not at all. On Windows the permissions are those
/// that the folder inherits: the default one lies in the user's profile, which other users cannot read.
/// </summary>
internal sealed class OwnerOnlyFolder
{
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = ~(FolderMode | UnixFileMode.StickyBit);
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);

    private OwnerOnlyFolder(string path) => Path = path;

    public string Path { get; }

    /// <exception cref="P2PException">The folder cannot be made, or others have access to it.</exception>
    public static OwnerOnlyFolder Open(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, FolderMode);
                RefuseLoose(path, File.GetUnixFileMode(path), "700");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new P2PException("P2P3011", $"The folder for the certificates cannot be made: {e.Message} Choose another by DataDirectory (LanCamera: --data-dir).", e);
        }

        return new OwnerOnlyFolder(path);
    }

    /// <summary>The file's text; null when there is no such file.</summary>
    public string? Read(string name)
    {
        var path = PathOf(name);
        try
        {
            if (!OperatingSystem.IsWindows() && File.Exists(path))
            {
                RefuseLoose(path, File.GetUnixFileMode(path), "600");
            }

            return File.ReadAllText(path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new P2PException("P2P3011", $"A file of the certificates cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Replaces the file: whoever reads, and whatever fails in between, sees the old content or the new.</summary>
    public void Write(string name, string content)
    {
        var target = PathOf(name);
        var draft = $"{target}.{Environment.ProcessId}.new";
        try
        {
            File.Delete(draft);
            var options = new FileStreamOptions { Mode = System.IO.FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = FileMode;
            }

            using (var stream = new FileStream(draft, options))
            {
                stream.Write(Encoding.UTF8.GetBytes(content));
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new P2PException("P2P3011", $"A file of the certificates cannot be written: {e.Message}", e);
        }
    }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Keeps other processes of this user out: two that start together must end up with one authority.</summary>
    public IDisposable Lock()
    {
        var path = PathOf(".lock");
        for (var waited = TimeSpan.Zero; ; waited += TimeSpan.FromMilliseconds(50))
        {
            try
            {
                return new FileStream(path, System.IO.FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException) && waited < LockTimeout)
            {
                Thread.Sleep(50);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new P2PException("P2P3011", $"The folder for the certificates is in use or cannot be written: {e.Message}", e);
            }
        }
    }

    private static void RefuseLoose(string path, UnixFileMode mode, string wanted)
    {
        if ((mode & Others) != 0)
        {
            throw new P2PException("P2P3012", $"Other users have access to {path}, which holds private keys. Check that nobody has copied them, then: chmod {wanted} '{path}'");
        }
    }
}
