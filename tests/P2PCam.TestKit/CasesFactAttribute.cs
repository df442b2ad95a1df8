using Xunit;

namespace P2PCam.TestKit;

/// <summary>A test that replays an input from the field (<see cref="Repository.Case"/>): skipped, with the reason, where those are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CasesFactAttribute : FactAttribute
{
    public CasesFactAttribute()
    {
        if (Repository.Cases is null)
        {
            Skip = CasesMissing;
        }
    }

    internal const string CasesMissing = "The cases from the field are missing: put them at ../shared/cases or point P2PCAM_CASES at them.";
}

/// <summary>A theory that replays inputs from the field: skipped, with the reason, where those are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CasesTheoryAttribute : TheoryAttribute
{
    public CasesTheoryAttribute()
    {
        if (Repository.Cases is null)
        {
            Skip = CasesFactAttribute.CasesMissing;
        }
    }
}
