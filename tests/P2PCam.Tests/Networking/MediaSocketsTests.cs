using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using P2PCam.Networking;

namespace P2PCam.Tests.Networking;

/// <summary>Sockets that were bound once left every viewer waiting when the machine's addresses changed.</summary>
public sealed class MediaSocketsTests : IAsyncLifetime
{
    private readonly SessionLoop _loop = new(TimeProvider.System, NullLogger.Instance);
    private readonly FakeNetwork _network = new("127.0.0.11");
    private readonly CollectingLogger _log = new();
    private readonly List<MediaSockets> _opened = [];

    public Task InitializeAsync()
    {
        _loop.Start([]);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _opened.ForEach(sockets => sockets.Dispose());
        await _loop.DisposeAsync();
    }

    [Fact]
    public void NewAddress_GetsASocketOnTheSamePort()
    {
        var sockets = Open();
        var port = sockets.Locals.Single().Port;
        _network.Become("127.0.0.12", "127.0.0.11");
        sockets.Look();
        Assert.Equal([$"127.0.0.12:{port}", $"127.0.0.11:{port}"], sockets.Locals.Select(local => local.ToString()));
    }

    [Fact]
    public async Task AddressThatIsGone_LosesItsSocket_AndGetsAnotherWhenItIsBack_WithoutAWordAboutItsOwnOldOne()
    {
        var sockets = Open();
        var local = sockets.Locals.Single();
        _network.Become("127.0.0.12");
        sockets.Look();
        Assert.Equal($"127.0.0.12:{local.Port}", sockets.Locals.Single().ToString());
        _network.Become("127.0.0.11");
        sockets.Look();
        await UntilAsync(() => sockets.Locals is [var back] && back == local);
        Assert.DoesNotContain(_log.Lines, line => line.StartsWith("1913 ", StringComparison.Ordinal));
    }

    [Fact]
    public void ProgramThatStartsBeforeTheNetwork_WaitsAndSaysSo()
    {
        _network.Become();
        var sockets = Open();
        sockets.Look();
        Assert.Empty(sockets.Locals);
        Assert.Single(_log.Lines, line => line.StartsWith("1910 ", StringComparison.Ordinal) && line.Contains("P2P2103", StringComparison.Ordinal));
        _network.Become("127.0.0.11");
        sockets.Look();
        Assert.Single(sockets.Locals);
    }

    [Fact]
    public async Task NetworkThatIsLostAndBack_IsSaidEachTime()
    {
        var sockets = Open();
        for (var i = 0; i < 2; i++)
        {
            _network.Become();
            sockets.Look();
            sockets.Look();
            _network.Become("127.0.0.11");
            sockets.Look();
            await UntilAsync(() => sockets.Locals.Count == 1);
        }

        Assert.Equal(2, _log.Lines.Count(line => line.StartsWith("1910 ", StringComparison.Ordinal)));
    }

    [Fact]
    public void OneAddressThatCannotBeBoundYet_IsTriedAgain_AndTheOthersServeMeanwhile()
    {
        // Nobody's (RFC 5737); as an IPv6 address that is still being checked for duplicates.
        _network.Become("192.0.2.77", "127.0.0.11");
        var sockets = Open();
        Assert.Equal("127.0.0.11", sockets.Locals.Single().ToIPEndPoint().Address.ToString());
        _network.Become("127.0.0.12", "127.0.0.11");
        sockets.Look();
        Assert.Equal(2, sockets.Locals.Count);
    }

    [Fact]
    public void PortThatIsTakenOnANewAddress_IsSaidOnce_AndTakenWhenItIsFree()
    {
        var sockets = Open();
        using var other = new UdpClient(new IPEndPoint(IPAddress.Parse("127.0.0.12"), sockets.Locals[0].Port));
        _network.Become("127.0.0.11", "127.0.0.12");
        sockets.Look();
        sockets.Look();
        Assert.Single(sockets.Locals);
        Assert.Single(_log.Lines, line => line.StartsWith("1913 ", StringComparison.Ordinal));
        other.Dispose();
        sockets.Look();
        Assert.Equal(2, sockets.Locals.Count);
    }

    [Fact]
    public async Task AddressesThatWereGiven_AreKeptWhileTheyAreThere_AndComeBack()
    {
        var sockets = Open(options => options with { Addresses = [IPAddress.Parse("127.0.0.11"), IPAddress.Parse("192.0.2.77")] });
        _network.Become("127.0.0.99");
        sockets.Look();
        Assert.Empty(sockets.Locals);
        _network.Become("127.0.0.99", "127.0.0.11");
        sockets.Look();
        await UntilAsync(() => sockets.Locals is [var back] && back.ToIPEndPoint().Address.ToString() == "127.0.0.11");
    }

    [Fact]
    public void AddressesThatWereGiven_OfWhichNoneIsHere_AreAnError() =>
        Assert.Equal("P2P2102", Assert.Throws<P2PException>(() => Open(options => options with { Addresses = [IPAddress.Parse("192.0.2.77")] })).Code);

    [Fact]
    public void SecondOfTheProgram_TakesTheNextFreePort_AndSaysSo()
    {
        var first = Open();
        var port = first.Locals[0].Port;
        var named = Open(options => options with { Port = port + 1, MayTakeNextPort = true }, "front");
        var second = Open(options => options with { Port = named.Locals[0].Port, MayTakeNextPort = true }, "yard");
        Assert.True(second.Locals[0].Port > named.Locals[0].Port);
        Assert.Contains(_log.Lines, line => line.StartsWith("1912 ", StringComparison.Ordinal) && line.Contains("this program's broadcaster 'front'", StringComparison.Ordinal));
    }

    [Fact]
    public void ExplicitPortOfTheProgramsOwnFirst_IsAnErrorThatNamesIt_UntilThatEnds()
    {
        var front = Open(options => options with { Port = FreePort() }, "front");
        var port = front.Locals[0].Port;
        var error = Assert.Throws<P2PException>(() => Open(options => options with { Port = port }, "yard"));
        Assert.Equal("P2P2105", error.Code);
        Assert.Contains("this program's own broadcaster 'front'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("another program", error.Message, StringComparison.Ordinal);
        front.Dispose();
        Assert.Equal("P2P2101", Assert.Throws<P2PException>(() => Open(options => options with { Port = port }, "yard")).Code);
    }

    [Fact]
    public void PortOfAForeignProgram_IsPassedOver_WhenNoneWasSet()
    {
        using var other = new UdpClient(new IPEndPoint(IPAddress.Parse("127.0.0.11"), 0));
        var taken = ((IPEndPoint)other.Client.LocalEndPoint!).Port;
        var sockets = Open(options => options with { Port = taken, MayTakeNextPort = true });
        Assert.NotEqual(taken, sockets.Locals[0].Port);
        Assert.Contains(_log.Lines, line => line.StartsWith("1912 ", StringComparison.Ordinal) && line.Contains("another program", StringComparison.Ordinal));
        Assert.Equal("P2P2101", Assert.Throws<P2PException>(() => Open(options => options with { Port = taken })).Code);
    }

    [Fact]
    public void NextPort_IsOneThatIsFreeOnEveryAddress()
    {
        _network.Become("127.0.0.11", "127.0.0.12");
        using var other = new UdpClient(new IPEndPoint(IPAddress.Parse("127.0.0.12"), 0));
        var sockets = Open(options => options with { Port = ((IPEndPoint)other.Client.LocalEndPoint!).Port, MayTakeNextPort = true });
        Assert.Equal(2, sockets.Locals.Count);
        Assert.Single(sockets.Locals.Select(local => local.Port).Distinct());
    }

    private static int FreePort()
    {
        using var probe = new UdpClient(new IPEndPoint(IPAddress.Parse("127.0.0.11"), 0));
        return ((IPEndPoint)probe.Client.LocalEndPoint!).Port;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private MediaSockets Open(Func<MediaSocketOptions, MediaSocketOptions>? configure = null, string stream = "default")
    {
        var options = new MediaSocketOptions { Addresses = [], IncludeLoopback = false, Network = _network };
        var sockets = new MediaSockets(configure?.Invoke(options) ?? options, stream, _loop, TimeProvider.System, _log);
        _opened.Add(sockets);
        sockets.Open();
        return sockets;
    }

    private sealed class CollectingLogger : ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{eventId.Id} {formatter(state, exception)}");
    }
}
