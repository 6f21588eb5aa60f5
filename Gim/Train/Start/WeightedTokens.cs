namespace Gim.Train.Start;

/// <summary>A source of training and how much of the mixture it is, against the weights of the others; at least 0 and finite.</summary>
internal readonly record struct WeightedTokens(ITrainingTokens Tokens, double Weight);
