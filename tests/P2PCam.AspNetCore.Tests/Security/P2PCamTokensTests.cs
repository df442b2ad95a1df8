using Microsoft.Extensions.DependencyInjection;

namespace P2PCam.AspNetCore.Tests.Security;

public class P2PCamTokensTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly byte[] _key = P2PCamTokens.CreateKey();

    private P2PCamTokens Tokens => new([_key], _time);

    [Theory]
    [InlineData("default", SignalingRole.Viewer)]
    [InlineData("a", SignalingRole.Broadcaster)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890-_.", SignalingRole.Viewer)]
    public void Token_OpensItsStreamInItsRole_UntilItExpires(string stream, SignalingRole role)
    {
        var token = Tokens.Create(stream, role, Hour);
        Assert.Equal(Uri.EscapeDataString(token), token);
        Assert.Equal(TokenStatus.Valid, Tokens.Check(token, stream, role));
        _time.Advance(Hour - TimeSpan.FromSeconds(1));
        Assert.Equal(TokenStatus.Valid, Tokens.Check(token, stream, role));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TokenStatus.Expired, Tokens.Check(token, stream, role));
    }

    [Fact]
    public void Token_ForAnotherStreamOrRole_OpensNothing()
    {
        var token = Tokens.Create("garden", SignalingRole.Viewer, Hour);
        Assert.Equal(TokenStatus.OtherStream, Tokens.Check(token, "Garden", SignalingRole.Viewer));
        Assert.Equal(TokenStatus.OtherStream, Tokens.Check(token, "garden2", SignalingRole.Viewer));
        Assert.Equal(TokenStatus.OtherRole, Tokens.Check(token, "garden", SignalingRole.Broadcaster));
    }

    [Fact]
    public void Token_ChangedInAnyCharacter_IsForged()
    {
        var token = Tokens.Create("garden", SignalingRole.Viewer, Hour);
        for (var i = 0; i < token.Length; i++)
        {
            var changed = token[..i] + (token[i] == 'A' ? 'Q' : 'A') + token[(i + 1)..];
            Assert.Equal(TokenStatus.Forged, Tokens.Check(changed, "garden", SignalingRole.Viewer));
        }
    }

    [Fact]
    public void Token_ShortenedOrExtended_IsForged()
    {
        var token = Tokens.Create("garden", SignalingRole.Viewer, Hour);
        Assert.All(Enumerable.Range(1, token.Length - 1), length => Assert.Equal(TokenStatus.Forged, Tokens.Check(token[..length], "garden", SignalingRole.Viewer)));
        foreach (var more in new[] { "A", "=", "==", " ", "\n", "AAAA", new string('A', 100_000), "é", "\0" })
        {
            Assert.Equal(TokenStatus.Forged, Tokens.Check(token + more, "garden", SignalingRole.Viewer));
        }
    }

    [Theory]
    [InlineData("p2pcam_")]
    [InlineData("p2pcam_????")]
    [InlineData("1234")]
    [InlineData("Bearer x")]
    [InlineData("p2pcam_AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Nonsense_IsForged(string text) => Assert.Equal(TokenStatus.Forged, Tokens.Check(text, "garden", SignalingRole.Viewer));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Nothing_IsMissing(string? text) => Assert.Equal(TokenStatus.Missing, Tokens.Check(text, "garden", SignalingRole.Viewer));

    [Fact]
    public void ExpiredAndForged_IsForged_SoThatStrangersLearnNothing()
    {
        var token = new P2PCamTokens([P2PCamTokens.CreateKey()], _time).Create("garden", SignalingRole.Viewer, Hour);
        _time.Advance(2 * Hour);
        Assert.Equal(TokenStatus.Forged, Tokens.Check(token, "garden", SignalingRole.Viewer));
    }

    [Fact]
    public void Rotation_HonoursTheOldKeyAndSignsByTheNewOne()
    {
        var old = Tokens.Create("garden", SignalingRole.Viewer, Hour);
        var newKey = P2PCamTokens.CreateKey();
        var rotated = new P2PCamTokens([newKey, _key], _time);
        Assert.Equal(TokenStatus.Valid, rotated.Check(old, "garden", SignalingRole.Viewer));
        var fresh = rotated.Create("garden", SignalingRole.Viewer, Hour);
        Assert.Equal(TokenStatus.Valid, new P2PCamTokens([newKey], _time).Check(fresh, "garden", SignalingRole.Viewer));
        Assert.Equal(TokenStatus.Forged, Tokens.Check(fresh, "garden", SignalingRole.Viewer));
        Assert.Equal(TokenStatus.Forged, new P2PCamTokens([newKey], _time).Check(old, "garden", SignalingRole.Viewer));
    }

    [Fact]
    public void TwoTokens_AreNeverTheSame() =>
        Assert.NotEqual(Tokens.Create("garden", SignalingRole.Viewer, Hour), Tokens.Create("garden", SignalingRole.Viewer, Hour));

    [Theory]
    [InlineData("https://192.168.1.20:3000", "https://192.168.1.20:3000/s/garden")]
    [InlineData("https://example.org/camera/?x=1#y", "https://example.org/camera/s/garden")]
    public void Link_HasTheTokenInItsFragmentOnly(string host, string page)
    {
        var link = Tokens.CreateLink(new Uri(host), "garden", Hour);
        Assert.Equal(page, link.GetLeftPart(UriPartial.Query));
        Assert.StartsWith("#token=", link.Fragment);
        Assert.Equal(TokenStatus.Valid, Tokens.Check(link.Fragment["#token=".Length..], "garden", SignalingRole.Viewer));
    }

    [Fact]
    public void Misuse_SaysWhatWouldBeRight()
    {
        Assert.Contains("1 to 8 keys", Assert.Throws<ArgumentException>(() => new P2PCamTokens([])).Message);
        Assert.Contains("32 bytes, not 16", Assert.Throws<ArgumentException>(() => new P2PCamTokens([new byte[16]])).Message);
        Assert.Throws<ArgumentException>(() => Tokens.Create("../etc", SignalingRole.Viewer, Hour));
        Assert.Throws<ArgumentException>(() => Tokens.Create("garden", (SignalingRole)7, Hour));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tokens.Create("garden", SignalingRole.Viewer, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tokens.Create("garden", SignalingRole.Viewer, TimeSpan.MaxValue));
    }

    [Fact]
    public void AddP2PCamTokens_TakesKeysFromOptions_OrMakesOne()
    {
        using var configured = new ServiceCollection().AddSingleton<TimeProvider>(_time).AddP2PCamTokens(options => options.Keys.Add(_key)).BuildServiceProvider();
        var token = configured.GetRequiredService<P2PCamTokens>().Create("garden", SignalingRole.Viewer, Hour);
        Assert.Equal(TokenStatus.Valid, Tokens.Check(token, "garden", SignalingRole.Viewer));

        using var unconfigured = new ServiceCollection().AddP2PCamTokens().BuildServiceProvider();
        var own = unconfigured.GetRequiredService<P2PCamTokens>();
        Assert.Equal(TokenStatus.Valid, own.Check(own.Create("garden", SignalingRole.Viewer, Hour), "garden", SignalingRole.Viewer));
        Assert.Equal(TokenStatus.Forged, own.Check(token, "garden", SignalingRole.Viewer));
    }

    [Fact]
    public void CameraLink_LeadsToTheCameraPage_AndMakesABroadcasterOnly()
    {
        var link = Tokens.CreateCameraLink(new Uri("https://192.168.1.20:3000/cam/"), "garden", Hour);
        Assert.Equal("https://192.168.1.20:3000/cam/camera/garden", link.GetLeftPart(UriPartial.Path));
        var token = link.Fragment["#token=".Length..];
        Assert.Equal(TokenStatus.Valid, Tokens.Check(token, "garden", SignalingRole.Broadcaster));
        Assert.Equal(TokenStatus.OtherRole, Tokens.Check(token, "garden", SignalingRole.Viewer));
    }
}
