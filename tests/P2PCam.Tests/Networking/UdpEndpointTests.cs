using System.Net;
using System.Threading.Channels;
using P2PCam.Networking;
using P2PCam.TestKit.Measuring;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Tests.Networking;

public class UdpEndpointTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Send_RunOfEqualDatagrams_ArrivesAsSingleDatagramsInOrder(string address)
    {
        await using var sender = UdpEndpoint.Bind(IPAddress.Parse(address), 0);
        await using var receiver = UdpEndpoint.Bind(IPAddress.Parse(address), 0);
        var sink = new Collector();
        receiver.StartReceiving(sink);
        var data = new byte[(70 * 1000) + 123];
        new Random(1).NextBytes(data);

        sender.Send(data, 1000, receiver.Local);

        for (var offset = 0; offset < data.Length; offset += 1000)
        {
            var (from, datagram) = await sink.NextAsync();
            Assert.Equal(sender.Local, from);
            Assert.Equal(data[offset..Math.Min(offset + 1000, data.Length)], datagram);
        }

        Assert.Equal(0, sender.SendErrors);
    }

    [Fact]
    public async Task Send_SingleDatagramLongerThanTheLastSegment_IsNotCut()
    {
        await using var sender = UdpEndpoint.Bind(IPAddress.Loopback, 0);
        await using var receiver = UdpEndpoint.Bind(IPAddress.Loopback, 0);
        var sink = new Collector();
        receiver.StartReceiving(sink);

        sender.Send(new byte[300], 100, receiver.Local);
        sender.Send(new byte[250], 250, receiver.Local);

        int[] lengths = [(await sink.NextAsync()).Datagram.Length, (await sink.NextAsync()).Datagram.Length, (await sink.NextAsync()).Datagram.Length, (await sink.NextAsync()).Datagram.Length];
        Assert.Equal([100, 100, 100, 250], lengths);
    }

    [Fact]
    public async Task Send_SteadyState_AllocatesNothing()
    {
        await using var sender = UdpEndpoint.Bind(IPAddress.Loopback, 0);
        await using var receiver = UdpEndpoint.Bind(IPAddress.Loopback, 0);
        var data = new byte[6 * 1100];
        sender.Send(data, 1100, receiver.Local);

        var allocated = SteadyState.LeastAllocated(100, () =>
        {
            sender.Send(data, 1100, receiver.Local);
            sender.Send(data.AsSpan(0, 100), 100, receiver.Local);
        });
        Assert.Equal(0, allocated);
    }

    [Theory]
    [InlineData("192.0.2.17", 3000)]
    [InlineData("2001:db8::17", 65535)]
    [InlineData("fe80::17%3", 1)]
    public void SocketAddress_RoundTrip_KeepsAddressPortAndScope(string text, int port)
    {
        var endpoint = new IPEndPoint(IPAddress.Parse(text), port);
        var address = TransportAddress.From(endpoint.Address, port);
        var socketAddress = new IPEndPoint(endpoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0).Serialize();

        SocketAddressConverter.Write(address, socketAddress);

        Assert.Equal(endpoint.Serialize(), socketAddress);
        Assert.Equal(address, SocketAddressConverter.ToTransportAddress(socketAddress));
        Assert.Equal(endpoint, address.ToIPEndPoint());
    }

    private sealed class Collector : IDatagramSink
    {
        private readonly Channel<(TransportAddress From, byte[] Datagram)> _received = Channel.CreateUnbounded<(TransportAddress, byte[])>();

        public void OnDatagram(UdpEndpoint endpoint, in TransportAddress remote, ReadOnlySpan<byte> datagram) => _received.Writer.TryWrite((remote, datagram.ToArray()));

        public Task<(TransportAddress From, byte[] Datagram)> NextAsync() => _received.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));
    }
}
