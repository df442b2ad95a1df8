using P2PCam.TestKit.Processes;

namespace P2PCam.Browser.Tests.TestBed;

public sealed class ChildProcessTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task WaitForLine_PastOrFuture_ReturnsTheLine()
    {
        await using var child = ChildProcess.Start("sh", ["-c", "echo first; read -r ignored; echo second >&2; exec sleep 100"]);
        Assert.Equal("second", await child.WaitForLineAsync(line => line.StartsWith("sec", StringComparison.Ordinal), Limit));
        Assert.Equal("first", await child.WaitForLineAsync(line => line == "first", Limit));
    }

    [Fact]
    public async Task WaitForLine_ProcessEnds_FailsWithItsOutput()
    {
        await using var child = ChildProcess.Start("sh", ["-c", "echo out of order; exit 7"]);
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => child.WaitForLineAsync(line => line == "ready", Limit));
        Assert.Contains("exit code 7", failure.Message, StringComparison.Ordinal);
        Assert.Contains("out of order", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendInterrupt_ReachesTheProgram()
    {
        await using var child = ChildProcess.Start("sh", ["-c", "trap 'exit 5' INT; echo ready; while :; do sleep 0.05; done"]);
        await child.WaitForLineAsync(line => line == "ready", Limit);
        child.SendInterrupt();
        Assert.Equal(5, await child.WaitForExitAsync(Limit));
    }

    [Fact]
    public async Task Dispose_EndsTheDescendantsToo()
    {
        int grandchild;
        await using (var child = ChildProcess.Start("sh", ["-c", "sleep 1000 & echo pid $!; wait"]))
        {
            grandchild = int.Parse((await child.WaitForLineAsync(line => line.StartsWith("pid", StringComparison.Ordinal), Limit))[4..], null);
            Assert.True(ProcessTree.IsAlive(grandchild));
            Assert.True(child.ResidentBytes > 0);
        }

        Assert.False(ProcessTree.IsAlive(grandchild) && IsNoZombie(grandchild));
    }

    private static bool IsNoZombie(int pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
