namespace Gim.Config;

/// <summary>The ways in which gim chooses who answers, as configs name them.</summary>
public static class GimRules
{
    public const string Threshold = "threshold";
    public const string Confidence = "confidence";
}
