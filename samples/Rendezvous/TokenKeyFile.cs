using P2PCam.AspNetCore;

namespace Rendezvous;

/// <summary>The key that signs tokens: 64 hexadecimal digits in a file that only its owner can read.</summary>
internal static class TokenKeyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Reads the key; makes it if there is no such file.</summary>
    public static byte[] ReadOrCreate(string path)
    {
        if (!File.Exists(path))
        {
            Create(path);
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
        {
            throw new ArgumentException($"--token-key {path}: other users have access to it. Check that nobody has copied it, then: chmod 600 '{path}'");
        }

        var text = File.ReadAllText(path).Trim();
        return text.Length == 2 * P2PCamTokens.KeyBytes && text.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(text)
            : throw new ArgumentException($"--token-key {path}: a key is {2 * P2PCamTokens.KeyBytes} hexadecimal digits; name a file that does not exist to have one made.");
    }

    // Written beside and moved: two that start together read one whole key.
    private static void Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        var draft = $"{path}.{Environment.ProcessId}.new";
        using (var writer = new StreamWriter(new FileStream(draft, options)))
        {
            writer.WriteLine(Convert.ToHexStringLower(P2PCamTokens.CreateKey()));
        }

        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
    }
}
