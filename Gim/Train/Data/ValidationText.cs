using Gim.Evaluate;
using Gim.Progress;

namespace Gim.Train.Data;

/// <summary>What a source holds back from training, and the examples drawn from it.</summary>
internal sealed record ValidationText(string Name, TestText Text, ExampleSet Examples)
{
    /// <summary>Successive targets of a context: as many as the published numbers of such models were taken with.</summary>
    public const int Consecutive = 48;

    /// <summary>Draws contexts that may run over document borders, each with its successive targets; no token is a target twice.</summary>
    /// <param name="name">What the text is called.</param>
    /// <param name="documents">Those that are held back.</param>
    /// <param name="context">Tokens of a context.</param>
    /// <param name="consecutive">Targets after each.</param>
    /// <param name="contexts">How many are wanted; fewer where the text has not so many.</param>
    /// <param name="seed">Of the drawing.</param>
    /// <param name="log">Told when there is no example.</param>
    /// <returns>Null where too little is held back for one context and its targets.</returns>
    public static ValidationText? Draw(string name, IReadOnlyList<int[]> documents, int context, int consecutive, int contexts, long seed, IJobLog log)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(context);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(consecutive);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(contexts);
        TestText held = TestText.From(documents);
        long needed = (long)context + consecutive;
        if (held.TokenCount < needed)
        {
            log.Warn(
                $"the training text \"{name}\" is not validated: {held.TokenCount:N0} of its tokens are held back, and one context with its targets needs {needed:N0}");
            return null;
        }
        ExampleSet examples = ExampleSet.Draw(
            held, context, stride: consecutive, consecutive, crossDocuments: true, checked(contexts * consecutive), seed);
        return new ValidationText(name, held, examples);
    }
}
