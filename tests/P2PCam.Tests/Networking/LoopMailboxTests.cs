using System.Buffers.Binary;
using System.Net;
using P2PCam.Networking;

namespace P2PCam.Tests.Networking;

public class LoopMailboxTests
{
    private const int DatagramBytes = 1_000;

    [Fact]
    public async Task PostDatagram_MoreThanTheFirstBufferHolds_AllComeOutInOrder()
    {
        await using var endpoint = UdpEndpoint.Bind(IPAddress.Loopback, 0);
        var mailbox = new LoopMailbox();

        // More than once, as two buffers take turns.
        for (var round = 0; round < 3; round++)
        {
            Post(mailbox, endpoint, 1_000, round);
            Assert.Equal(Enumerable.Range(0, 1_000).Select(i => (DatagramBytes, i + round)), Take(mailbox));
        }

        Assert.Equal(0, mailbox.DatagramsDropped);
    }

    [Fact]
    public async Task PostDatagram_BeyondTheLimit_DropsTheNewest()
    {
        await using var endpoint = UdpEndpoint.Bind(IPAddress.Loopback, 0);
        var mailbox = new LoopMailbox();

        Post(mailbox, endpoint, 5_000, 0);

        var taken = Take(mailbox);
        Assert.Equal(4 * 1024 * 1024 / DatagramBytes, taken.Count);
        Assert.Equal(5_000 - taken.Count, mailbox.DatagramsDropped);
        Assert.Equal(taken.Count - 1, taken[^1].First);
        Post(mailbox, endpoint, 1, 7);
        Assert.Equal([(DatagramBytes, 7)], Take(mailbox));
    }

    private static void Post(LoopMailbox mailbox, UdpEndpoint endpoint, int count, int first)
    {
        Span<byte> datagram = stackalloc byte[DatagramBytes];
        for (var i = 0; i < count; i++)
        {
            datagram.Fill((byte)i);
            BinaryPrimitives.WriteInt32LittleEndian(datagram, first + i);
            mailbox.PostDatagram(endpoint, endpoint.Local, datagram);
        }
    }

    private static List<(int Length, int First)> Take(LoopMailbox mailbox)
    {
        var taken = new List<(int, int)>();
        foreach (var item in mailbox.WaitAndTake(TimeSpan.Zero, out _))
        {
            var bytes = mailbox.BytesOf(item);
            taken.Add((bytes.Length, BinaryPrimitives.ReadInt32LittleEndian(bytes)));
        }

        return taken;
    }
}
