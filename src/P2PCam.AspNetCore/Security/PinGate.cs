using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace P2PCam.AspNetCore.Security;

/// <summary>What became of a PIN.</summary>
/// <param name="IsRight">It opens.</param>
/// <param name="Wait">It was not even looked at: that long to go until the next try.</param>
internal readonly record struct PinResult(bool IsRight, TimeSpan Wait);

/// <summary>
/// Compares PINs. A PIN is short, so what protects it is that few can be tried: an address waits longer after each wrong one, and all strangers
/// together are held to a slow pace, so that many addresses do not help either. Who came in once is no stranger.
/// </summary>
internal sealed class PinGate(string pin, TimeProvider timeProvider)
{
    private const int FreeTries = 3;
    private const int MostAddresses = 4096;
    private const int StrangersPerMinute = 30;
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private readonly byte[] _hash = Hash(pin);
    private readonly Lock _gate = new();
    private readonly AddressTable<Tries> _strangersTries = new(MostAddresses, () => new Tries());

    // Apart from the strangers, so that a flood of those does not push them out.
    private readonly AddressTable<Tries> _friendsTries = new(MostAddresses, () => new Tries());
    private readonly TokenBucket _strangers = new(StrangersPerMinute / 60.0, StrangersPerMinute, timeProvider);

    public PinResult Try(string given, IPAddress? remote)
    {
        var isRight = CryptographicOperations.FixedTimeEquals(Hash(given), _hash);
        var now = timeProvider.GetTimestamp();
        lock (_gate)
        {
            var isFriend = _friendsTries.Contains(remote);
            var tries = (isFriend ? _friendsTries : _strangersTries).Get(remote);
            if (timeProvider.GetElapsedTime(tries.FailedAt, now) > Memory)
            {
                tries.Failures = 0;
            }

            if (tries.Failures > 0 && tries.Wait - timeProvider.GetElapsedTime(tries.FailedAt, now) is { Ticks: > 0 } left)
            {
                return new(false, left);
            }

            if (!isFriend && !_strangers.TryTake())
            {
                return new(false, TimeSpan.FromMinutes(1.0 / StrangersPerMinute));
            }

            if (isRight)
            {
                _friendsTries.Get(remote).Failures = 0;
                return new(true, TimeSpan.Zero);
            }

            (tries.Failures, tries.FailedAt) = (tries.Failures + 1, now);
            return new(false, TimeSpan.Zero);
        }
    }

    // Equal lengths, whatever the PIN's.
    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private sealed class Tries
    {
        public int Failures { get; set; }

        public long FailedAt { get; set; }

        /// <summary>From the last failure.</summary>
        public TimeSpan Wait => Failures < FreeTries ? TimeSpan.Zero : FirstWait * Math.Pow(2, Math.Min(Failures - FreeTries, 10)) is var wait && wait < LongestWait ? wait : LongestWait;
    }
}
