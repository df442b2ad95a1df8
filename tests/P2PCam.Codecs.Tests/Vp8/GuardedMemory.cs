using System.Runtime.InteropServices;

namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>Memory between two pages that may not be touched: one byte read too far ends the process.</summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int PageSize = 4096;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly byte* _start;
    private readonly nint _length;

    public GuardedMemory(int size)
    {
        var pages = (size + PageSize - 1) / PageSize * PageSize;
        _length = pages + (2 * PageSize);
        _start = Map(null, _length, ReadWrite, PrivateAnonymous, -1, 0);
        Assert.NotEqual(-1, (nint)_start);
        Assert.Equal(0, Protect(_start, PageSize, 0));
        Assert.Equal(0, Protect(_start + PageSize + pages, PageSize, 0));
        First = _start + PageSize;
        End = First + pages;
    }

    public byte* First { get; }

    /// <summary>The first byte that may not be touched.</summary>
    public byte* End { get; }

    public void Dispose() => Assert.Equal(0, Unmap(_start, _length));

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial byte* Map(byte* address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(byte* address, nint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(byte* address, nint length);
}

/// <summary>A test that needs Linux, whose memory calls it makes: skipped elsewhere, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "Memory is guarded by Linux's mmap and mprotect.";
}
