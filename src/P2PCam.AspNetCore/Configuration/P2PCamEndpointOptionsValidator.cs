using Microsoft.Extensions.Options;

namespace P2PCam.AspNetCore.Configuration;

internal sealed class P2PCamEndpointOptionsValidator : IValidateOptions<P2PCamEndpointOptions>
{
    public ValidateOptionsResult Validate(string? name, P2PCamEndpointOptions options) =>
        options.FirstError() is { } error ? ValidateOptionsResult.Fail(error) : ValidateOptionsResult.Success;
}
