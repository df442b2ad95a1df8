using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace P2PCam.SignalingConformance;

/// <summary>A case of the suite. What a derived class needs and a machine lacks skips its cases: see <see cref="NeedsAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("P2PCam.SignalingConformance.ConformanceFactDiscoverer", "P2PCam.SignalingConformance")]
public sealed class ConformanceFactAttribute : FactAttribute;

/// <summary>A theory of this kind.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("P2PCam.SignalingConformance.ConformanceTheoryDiscoverer", "P2PCam.SignalingConformance")]
public sealed class ConformanceTheoryAttribute : TheoryAttribute;

/// <summary>Says what the cases of a derived class need.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class NeedsAttribute : Attribute
{
    /// <summary>What is missing; null if all is there.</summary>
    public abstract string? MissingReason { get; }

    internal static string? ReasonOf(ITestMethod method) =>
        method.TestClass.Class.GetCustomAttributes(typeof(NeedsAttribute)).OfType<IReflectionAttributeInfo>().Select(info => ((NeedsAttribute)info.Attribute).MissingReason).FirstOrDefault(reason => reason is not null);
}

internal sealed class ConformanceFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        NeedsAttribute.ReasonOf(testMethod) is null
            ? base.CreateTestCase(discoveryOptions, testMethod, factAttribute)
            : new SkippedTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

internal sealed class ConformanceTheoryDiscoverer(IMessageSink diagnostics) : TheoryDiscoverer(diagnostics)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        NeedsAttribute.ReasonOf(testMethod) is null
            ? base.Discover(discoveryOptions, testMethod, theoryAttribute)
            : [new SkippedTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)];
}

/// <summary>Asks for its reason anew wherever it is rebuilt, so that nothing of it needs to be carried along.</summary>
internal sealed class SkippedTestCase : XunitTestCase
{
    [Obsolete("For the deserializer.")]
    public SkippedTestCase()
    {
    }

    public SkippedTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions displayOptions, ITestMethod method)
        : base(diagnostics, display, displayOptions, method)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute) => NeedsAttribute.ReasonOf(TestMethod) ?? base.GetSkipReason(factAttribute);
}
