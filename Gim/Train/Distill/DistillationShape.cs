namespace Gim.Train.Distill;

/// <summary>Sizes of a distillation pass: every query's window is compared with every key's.</summary>
/// <param name="Window">k: tokens of a window, whose embedding is that of its last token.</param>
internal readonly record struct DistillationShape(int Queries, int Keys, int Window)
{
    public int Windows => checked(Queries + Keys);

    /// <summary>Tokens of all windows, those of the queries first.</summary>
    public int Tokens => checked(Windows * Window);

    public int Pairs => checked(Queries * Keys);
}
