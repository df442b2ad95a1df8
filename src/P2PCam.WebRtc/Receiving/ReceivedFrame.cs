namespace P2PCam.WebRtc.Receiving;

/// <summary>One assembled compressed frame. <see cref="Data"/> is the taker's until it gives the buffer back to the array pool.</summary>
internal readonly record struct ReceivedFrame(byte[] Buffer, int Length, uint RtpTimestamp, bool IsKeyFrame, TimeSpan ReceivedAt)
{
    public ReadOnlySpan<byte> Data => Buffer.AsSpan(0, Length);
}
