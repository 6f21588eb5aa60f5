namespace Gim.Train;

/// <summary>How the fuzzy head weighs: what calibration chooses.</summary>
/// <param name="InverseTemperature">1/T of the cosine distance.</param>
/// <param name="MatchBonus">b of <see cref="Gim.Match.VoteBonus"/>.</param>
/// <param name="Recency">r of <see cref="Gim.Match.VoteBonus"/>.</param>
internal readonly record struct VoteSettings(double InverseTemperature, double MatchBonus, double Recency);

/// <summary>How the fuzzy head does on a held-out set with some settings.</summary>
/// <param name="Loss">Mean of -log P(token) over the tokens that occur before in the context.</param>
/// <param name="Recall1">Of all examples.</param>
internal sealed record VoteRow(string Set, VoteSettings Settings, double Loss, double Recall1);
