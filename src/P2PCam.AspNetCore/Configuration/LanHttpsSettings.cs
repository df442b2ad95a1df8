using P2PCam.Configuration;

namespace P2PCam.AspNetCore.Configuration;

/// <summary>The keys below <c>P2PCam:LanHttps</c>.</summary>
internal static class LanHttpsSettings
{
    public static readonly SettingTable<LanHttpsOptions> Table = new SettingTable<LanHttpsOptions>(
        options => options.Port is < 0 or > 65_535 ? $"{nameof(LanHttpsOptions.Port)} is {options.Port}; it takes 0 to 65535." : null)
        .Whole(nameof(LanHttpsOptions.Port), (o, value) => o.Port = value)
        .Flag(nameof(LanHttpsOptions.AllowHttp), (o, value) => o.AllowHttp = value)
        .Text(nameof(LanHttpsOptions.DataDirectory), (o, value) => o.DataDirectory = value)
        .Texts(nameof(LanHttpsOptions.HostNames), (o, value) => o.HostNames.Add(value))
        .Text(nameof(LanHttpsOptions.CertificatePath), (o, value) => o.CertificatePath = value)
        .Text(nameof(LanHttpsOptions.CertificateKeyPath), (o, value) => o.CertificateKeyPath = value)
        .Text(nameof(LanHttpsOptions.CertificatePassword), (o, value) => o.CertificatePassword = value)
        .Flag(nameof(LanHttpsOptions.ResetAuthority), (o, value) => o.ResetAuthority = value);
}
