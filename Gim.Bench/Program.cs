using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Gim.Bench;
using Gim.Bench.Harness;

string text = $"Text: {Corpus.All[^1].HeldOut!.Name}.";
Question[] questions =
[
    new("IndexBuild", "How fast an index is built from tokens, and how much memory that takes.",
        [typeof(IndexBuildBench), typeof(SuffixSortBench), typeof(NativeSortBench)], () => IndexBuildMemory.Table() + NativeSortBench.Notes()),
    new("ZipfBuild", "How long an index of 1,000 million random tokens takes, and how much memory (a table only; minutes, and 15 GB of disk).", [], ZipfBuild.Table),
    new("CorpusQuery", "How long an ∞-gram query takes on 500 tokens of held-out text.", [typeof(CorpusQueryBench)], CorpusQueryBench.Table),
    new("ExactInduction", $"How long the exact induction head takes on a context of 1,024 tokens. {text}", [typeof(ExactInductionBench)]),
    new("Tokenization", $"How fast text becomes GPT-2 tokens, beside two other libraries. {text}", [typeof(TokenizationBench)]),
    new("SequenceScan", "What vector instructions bring to the scans under the matchers.", [typeof(SequenceScanBench)]),
    new("MatrixProduct", "How fast matrices are multiplied, beside native libraries.", [typeof(MatrixProductBench)], MatrixProductTable.Table),
    new("Kernels", "How fast every operation is on every device, beside what this machine can do at most.", [typeof(TransformerBlockBench)], KernelTable.Table),
    new("LinearAlgebra", "How fast doubles are multiplied, and systems and eigenvectors solved, beside OpenBLAS.", [typeof(CholeskyBench)], LinearAlgebraTable.Table),
    new("FuzzyHead", "How fast the fuzzy induction head is, beside the processor's peak and native libraries' products.", [typeof(FuzzyHeadBench)], FuzzyHeadTable.Table),
    new("Training", "How fast the similarity model is trained, beside the processor's peak.", [typeof(TrainingBench)], TrainingTable.Table),
    new("Fmri", "How fast responses are fitted, matched and tested at the size of a subject's recordings.", [typeof(FmriBench), typeof(FmriPiecesBench)], FmriTable.Table),
];

if (args is [IndexBuildMemory.Verb, var from, var corpus])
    return IndexBuildMemory.Run(from, corpus);
if (args is [ZipfBuild.Verb, var tokens, var memory])
    return ZipfBuild.Run(tokens, memory);
if (args is ["--table", var wanted] && questions.FirstOrDefault(question => question.Name == wanted)?.Table is { } table)
{
    Console.WriteLine(table());
    return 0;
}
if (args.Length == 0)
{
    Console.WriteLine("Benches (run with -c Release):");
    foreach (Question question in questions)
        Console.WriteLine($"  {string.Join(", ", question.Classes.Select(type => type.Name))}: {question.Description}");
    Console.WriteLine();
    Console.WriteLine("--filter '*Query*'   measure those whose name matches ('*' for all) and write results/<machine>/<question>.md");
    Console.WriteLine("--quick              with it: few repetitions, a few minutes for all, no results written");
    Console.WriteLine($"--table NAME         only the table of {string.Join(", ", questions.Where(question => question.Table is not null).Select(question => question.Name))}; no results written");
    Console.WriteLine("--list flat          every case; --help: all that BenchmarkDotNet knows");
    Console.WriteLine(SharedData.Folder is null
        ? "Text: the built-in sample only; a folder shared/data beside the repository, or GIM_SHARED_DATA naming one, adds more."
        : "Text: the built-in sample and the shared text.");
    return 0;
}

// From so much on, what other programs do shows in the figures of a machine with few cores.
const double NoisyLoad = 0.5;
double? load = Machine.Load();
if (load > NoisyLoad)
    Console.WriteLine($"The machine is busy (load {load:F2}): times will be too long.");
if (SharedData.Folder is null)
    Console.WriteLine("No shared text was found: only the rows of the built-in sample are measured.");

MeasureAttribute.Quick = args.Contains("--quick");
ManualConfig config = ManualConfig.CreateEmpty()
    .AddLogger(ConsoleLogger.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddColumn(StatisticColumn.Median)
    .WithSummaryStyle(SummaryStyle.Default.WithRatioStyle(RatioStyle.Trend).WithMaxParameterColumnWidth(60))
    .HideColumns("Job", "Error", "RatioSD", "Alloc Ratio")
    .AddAnalyser([.. DefaultConfig.Instance.GetAnalysers()])
    .AddValidator([.. DefaultConfig.Instance.GetValidators()])
    .WithArtifactsPath(Path.Combine(Repository.Root ?? ".", "BenchmarkDotNet.Artifacts"))
    .WithOptions(ConfigOptions.DisableLogFile);
Summary[] summaries =
[
    .. BenchmarkSwitcher.FromTypes([.. questions.SelectMany(question => question.Classes)])
        .Run([.. args.Where(arg => arg != "--quick")], config),
];
Results.Write(questions, summaries, load, toFiles: !MeasureAttribute.Quick);
return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
