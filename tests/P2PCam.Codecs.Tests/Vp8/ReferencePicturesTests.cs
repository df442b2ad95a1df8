using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Tests.Vp8;

public class ReferencePicturesTests
{
    private readonly ReferencePictures _pictures = new(1, 1);

    [Fact]
    public void Update_GoldenAndAltRefFromEachOther_AltRefIsFirst()
    {
        Add(ReferenceUpdate.All);
        var golden = Add(new ReferenceUpdate(false, true, false, 0, 0, true));
        Add(new ReferenceUpdate(true, false, false, CopyToGolden: 2, CopyToAltRef: 2, true));
        Assert.Same(golden, _pictures[ReferenceKind.AltRef]);
        Assert.Same(golden, _pictures[ReferenceKind.Golden]);
    }

    [Fact]
    public void Update_CopiesOfLast_AreOfTheOneBeforeThisPicture()
    {
        var first = Add(ReferenceUpdate.All);
        var second = Add(new ReferenceUpdate(true, false, false, 0, 0, true));
        var third = Add(new ReferenceUpdate(true, false, false, CopyToGolden: 1, CopyToAltRef: 0, true));
        Assert.Same(third, _pictures[ReferenceKind.Last]);
        Assert.Same(second, _pictures[ReferenceKind.Golden]);
        Assert.Same(first, _pictures[ReferenceKind.AltRef]);
    }

    [Fact]
    public void Begin_AllReferencesTaken_GivesABufferThatNoneOfThemIs()
    {
        Add(ReferenceUpdate.All);
        Add(new ReferenceUpdate(false, true, false, 0, 0, true));
        Add(new ReferenceUpdate(false, false, true, 0, 0, true));
        for (var i = 0; i < 5; i++)
        {
            var next = _pictures.Begin();
            Assert.DoesNotContain(next, (FrameBuffer[])[_pictures[ReferenceKind.Last], _pictures[ReferenceKind.Golden], _pictures[ReferenceKind.AltRef]]);
            _pictures.Update(new ReferenceUpdate(true, false, false, 0, 0, true));
        }
    }

    private FrameBuffer Add(in ReferenceUpdate update)
    {
        var picture = _pictures.Begin();
        _pictures.Update(update);
        return picture;
    }
}
