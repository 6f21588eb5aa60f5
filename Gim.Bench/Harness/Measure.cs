using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Gim.Bench.Harness;

/// <summary>How often a class's methods are run. Every case runs in a process of its own.</summary>
/// <param name="seconds">Whether one call takes seconds (an index build), so that each call is one measurement.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class MeasureAttribute(bool seconds = false) : Attribute, IConfigSource
{
    /// <summary>Fewer repetitions, to see orders of magnitude; set before the classes are looked at.</summary>
    public static bool Quick { get; set; }

    public IConfig Config { get; } = ManualConfig.CreateEmpty().AddJob(seconds ? Long() : Short());

    private static Job Long() => new Job(Quick ? "QuickLong" : "Long")
        .WithStrategy(RunStrategy.Monitoring).WithInvocationCount(1).WithUnrollFactor(1)
        .WithWarmupCount(1).WithIterationCount(Quick ? 2 : 7);

    private static Job Short() => new Job(Quick ? "Quick" : "Short")
        .WithIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(Quick ? 150 : 300))
        .WithWarmupCount(Quick ? 1 : 3).WithIterationCount(Quick ? 3 : 15);
}

/// <summary>A class that knows how much one operation of a case gets through.</summary>
internal interface IMeasured
{
    /// <summary>Units (tokens, bytes) per operation; 0 where a rate makes no sense.</summary>
    static abstract double UnitsPerOperation(BenchmarkCase benchmark);
}

/// <summary>Adds a column with a rate, taken from the median time.</summary>
/// <param name="name">Heading, with its unit ("M tokens/s").</param>
/// <param name="divisor">Units in one of the heading's (1e6 for millions).</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RateAttribute<T>(string name, double divisor) : Attribute, IConfigSource
    where T : IMeasured
{
    public IConfig Config { get; } = ManualConfig.CreateEmpty().AddColumn(new RateColumn(name, divisor, T.UnitsPerOperation));
}

internal sealed class RateColumn(string name, double divisor, Func<BenchmarkCase, double> units) : IColumn
{
    public string Id => "Rate." + name;

    public string ColumnName => name;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => $"{name}, from the median time";

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, summary.Style);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style)
    {
        const double NanosecondsPerSecond = 1e9;
        double amount = units(benchmarkCase);
        if (amount == 0 || summary[benchmarkCase]?.ResultStatistics is not { } statistics)
            return "-";
        return (amount / divisor / (statistics.Median / NanosecondsPerSecond)).ToString("N2", CultureInfo.InvariantCulture);
    }
}
