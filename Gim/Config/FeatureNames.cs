namespace Gim.Config;

/// <summary>What a story's TRs can be described by, as configs name it.</summary>
public static class FeatureNames
{
    public const string WordRate = "word-rate", Labels = "labels", Eng1000 = "eng1000", Cooccurrence = "co-occurrence", Similarity = "similarity", Position = "position";
}

/// <summary>What rows are matched by, as configs name it.</summary>
public static class KeyNames
{
    public const string Prediction = "prediction", Features = "features", Similarity = "similarity", Words = "words", Random = "random";
}
