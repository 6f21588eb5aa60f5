namespace Gim.Report;

/// <summary>Amounts, rates and times as people read them.</summary>
internal static class Quantity
{
    /// <summary>"12.3 MB", "1.42 M tokens", "512 examples".</summary>
    public static string Amount(double amount, string unit)
        => unit == "bytes"
            ? amount >= 1e9 ? $"{amount / 1e9:F2} GB" : amount >= 1e6 ? $"{amount / 1e6:F1} MB" : amount >= 1e3 ? $"{amount / 1e3:F1} kB" : $"{amount:F0} bytes"
            : amount >= 1e9 ? $"{amount / 1e9:F2} G {unit}" : amount >= 1e6 ? $"{amount / 1e6:F2} M {unit}" : $"{amount:N0} {unit}";

    public static string Rate(double perSecond, string unit) => perSecond is > 0 and < 1 ? $"{60 * perSecond:F1} {unit}/min" : $"{Amount(perSecond, unit)}/s";

    /// <summary>"0.8 s", "42 s", "3 min 5 s", "2 h 10 min".</summary>
    public static string Duration(TimeSpan time)
        => time.TotalSeconds < 10 ? $"{time.TotalSeconds:F1} s"
            : time.TotalMinutes < 1 ? $"{time.TotalSeconds:F0} s"
            : time.TotalHours < 1 ? $"{(int)time.TotalMinutes} min {time.Seconds} s"
            : $"{(int)time.TotalHours} h {time.Minutes} min";
}
