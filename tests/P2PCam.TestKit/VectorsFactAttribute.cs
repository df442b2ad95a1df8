using Xunit;

namespace P2PCam.TestKit;

/// <summary>A test that needs the shared test data: skipped, with the reason, where that is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VectorsFactAttribute : FactAttribute
{
    public VectorsFactAttribute()
    {
        if (Repository.Vectors is null)
        {
            Skip = VectorsMissing;
        }
    }

    internal const string VectorsMissing = "The shared test data is missing: put it at ../shared/vectors or point P2PCAM_VECTORS at it.";
}

/// <summary>A theory that needs the shared test data: skipped, with the reason, where that is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VectorsTheoryAttribute : TheoryAttribute
{
    public VectorsTheoryAttribute()
    {
        if (Repository.Vectors is null)
        {
            Skip = VectorsFactAttribute.VectorsMissing;
        }
    }
}
