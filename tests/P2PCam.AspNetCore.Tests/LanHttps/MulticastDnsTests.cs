using System.Net;
using System.Net.Sockets;
using P2PCam.AspNetCore.Network;

namespace P2PCam.AspNetCore.Tests.LanHttps;

/// <summary>A name is told to people only if somebody answers for it, with an address of this machine. The responder here is a socket on loopback.</summary>
public class MulticastDnsTests
{
    private static readonly IPAddress Own = IPAddress.Parse("192.168.1.20");

    [Theory]
    [InlineData("desk.local", "192.168.1.20", true)]
    [InlineData("DESK.Local", "192.168.1.20", true)]
    [InlineData("desk.local", "192.168.1.99", false)] // another machine of that name
    [InlineData("tisch.local", "192.168.1.20", false)]
    public async Task NameIsAnswered_OnlyIfItLeadsHere(string answers, string address, bool expected)
    {
        using var responder = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        responder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var ending = new CancellationTokenSource();
        var serving = ServeAsync(responder, question => Answer(question, answers, IPAddress.Parse(address)), ending.Token);
        Assert.Equal(expected, await new MulticastDnsProbe((IPEndPoint)responder.LocalEndPoint!).IsAnsweredAsync("desk.local", [IPAddress.Loopback, Own], CancellationToken.None));
        await ending.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task NobodyThere_IsNoAnswer()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.False(await new MulticastDnsProbe((IPEndPoint)silent.LocalEndPoint!).IsAnsweredAsync("desk.local", [IPAddress.Loopback], CancellationToken.None));
        Assert.False(await new MulticastDnsProbe().IsAnsweredAsync("desk.local", [], CancellationToken.None));
    }

    [Fact]
    public void Question_AsksForBothKindsOfAddresses_AndIsNoAnswer()
    {
        var question = MulticastDnsQuery.Write("desk.local", 0x1234);
        Assert.Equal("123400000002000000000000" + "046465736B056C6F63616C0000018001" + "046465736B056C6F63616C00001C8001", Convert.ToHexString(question));
        Assert.Empty(MulticastDnsQuery.ReadAddresses(question, "desk.local"));
    }

    [Fact]
    public void CompressedNames_AreRead()
    {
        // One question; an A record whose name is an offset, then an AAAA record of "desk" and an offset to "local".
        var message = Convert.FromHexString(
            "123484000001000200000000" + "046465736B056C6F63616C0000018001" + "C00C00018001000000780004C0A80114" + "046465736BC011001C8001000000780010FD000000000000000000000000000020");
        Assert.Equal([Own, IPAddress.Parse("fd00::20")], MulticastDnsQuery.ReadAddresses(message, "desk.local"));
    }

    [Fact]
    public void DamagedAnswers_AreReadAsFarAsTheyGo()
    {
        var whole = Answer(MulticastDnsQuery.Write("desk.local", 1), "desk.local", Own);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Empty(MulticastDnsQuery.ReadAddresses(whole.AsSpan(0, length), "desk.local"));
        }

        var random = new Random(17);
        for (var round = 0; round < 20_000; round++)
        {
            var damaged = whole.ToArray();
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            Assert.InRange(MulticastDnsQuery.ReadAddresses(damaged, "desk.local").Count, 0, 2);
        }

        // A name that is an offset to itself.
        Assert.Empty(MulticastDnsQuery.ReadAddresses(Convert.FromHexString("123484000000000100000000" + "C00C00018001000000780004C0A80114"), "desk.local"));
    }

    private static byte[] Answer(byte[] question, string name, IPAddress address)
    {
        var record = MulticastDnsQuery.Write(name, 0)[12..];
        record = record[..(record.Length / 2)]; // name, type A, class
        byte[] message = [.. question, .. record, 0, 0, 0, 120, 0, 4, .. address.GetAddressBytes()];
        message[2] = 0x84;
        message[7] = 1;
        return message;
    }

    private static async Task ServeAsync(Socket responder, Func<byte[], byte[]> answer, CancellationToken cancellationToken)
    {
        var buffer = new byte[1500];
        try
        {
            while (true)
            {
                var received = await responder.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), cancellationToken);
                await responder.SendToAsync(answer(buffer[..received.ReceivedBytes]), received.RemoteEndPoint, cancellationToken);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }
}
