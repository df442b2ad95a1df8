using P2PCam.TestKit.Packages;

namespace P2PCam.Packaging.Tests;

[CollectionDefinition(Name)]
public sealed class PackedOnce : ICollectionFixture<LocalFeed>
{
    public const string Name = "packed once";
}
