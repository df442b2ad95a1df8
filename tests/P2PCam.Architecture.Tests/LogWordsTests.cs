using Mono.Cecil;
using P2PCam.TestKit;

namespace P2PCam.Architecture.Tests;

/// <summary>
/// Every log line is read by somebody. Seen before: "is Live. (null)", "left.. Trying again", "in 00:00:00.5000000". What a message takes in from elsewhere therefore goes
/// through the one place that makes sentences and times of it.
/// </summary>
public class LogWordsTests
{
    [Fact]
    public void NoTime_IsPrintedAsDotNetWritesIt() =>
        Assert.Empty(Messages().SelectMany(log => log.Method.Parameters).Where(parameter => parameter.ParameterType.Name.StartsWith("TimeSpan", StringComparison.Ordinal)).Select(Describe));

    [Fact]
    public void NoReason_MayBeMissing() =>
        Assert.Empty(Messages().SelectMany(log => log.Method.Parameters).Where(parameter => parameter.ParameterType.Name == "String" && IsNullable(parameter)).Select(Describe));

    [Fact]
    public void EveryMessage_EndsOnce()
    {
        foreach (var (_, text) in Messages())
        {
            Assert.False(text.Contains("{Reason}.", StringComparison.Ordinal), $"A reason is a sentence already: {text}");
            Assert.True(text.EndsWith('.') || text.EndsWith("{Reason}", StringComparison.Ordinal), $"No end: {text}");
        }
    }

    [Fact]
    public void EveryReason_IsMadeASentence_WhereItIsLogged()
    {
        var withReason = Messages().Where(log => log.Text.Contains("{Reason}", StringComparison.Ordinal)).Select(log => log.Method.FullName).ToHashSet();
        Assert.NotEmpty(withReason);
        var calls = Types().SelectMany(type => type.Methods).Where(method => method.HasBody)
            .Where(method => method.Body.Instructions.Any(instruction => instruction.Operand is MethodReference called && withReason.Contains(called.FullName)));
        var bare = calls.Where(method => !method.Body.Instructions.Any(instruction => instruction.Operand is MethodReference { DeclaringType.FullName: "P2PCam.Words" }));
        Assert.Empty(bare.Select(method => method.FullName));
    }

    private static IEnumerable<(MethodDefinition Method, string Text)> Messages() => Types().SelectMany(type => type.Methods)
        .Select(method => (method, Attribute: method.CustomAttributes.FirstOrDefault(attribute => attribute.AttributeType.Name == "LoggerMessageAttribute")))
        .Where(pair => pair.Attribute is not null)
        .Select(pair => (pair.method, (string)pair.Attribute!.Properties.Single(property => property.Name == "Message").Argument.Value));

    private static IEnumerable<TypeDefinition> Types() => Directory.GetDirectories(Path.Combine(Repository.Root, "src"))
        .SelectMany(project => AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, Path.GetFileName(project) + ".dll")).MainModule.GetTypes());

    // The compiler writes NullableAttribute(2) for "string?" where the context says that references are not null.
    private static bool IsNullable(ParameterDefinition parameter) =>
        parameter.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "NullableAttribute" && attribute.ConstructorArguments[0].Value is (byte)2);

    private static string Describe(ParameterDefinition parameter) => $"{((MethodDefinition)parameter.Method).DeclaringType.Name}.{((MethodDefinition)parameter.Method).Name}: {parameter.Name}";
}
