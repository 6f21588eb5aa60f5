namespace Gim.Kernels.Devices;

/// <summary>The loss of classification and its gradient in one.</summary>
public abstract partial class Device
{
    /// <summary>The target of a row that is left out.</summary>
    public const int NoTarget = -1;

    /// <summary>
    /// losses_r = log Σ_c exp(logits_rc) - logits_{r, targets_r}, in nats, and where a gradient is wanted
    /// gradient_rc = scale (softmax(logits_r)_c - [c = targets_r]): that of scale Σ_r losses_r. Target -1 leaves a row out:
    /// its loss and gradient are 0. Any other target that is no column gives NaN in the loss and the row: it cannot be
    /// refused without waiting for the device, and must not pass unseen. So do NaN or ∞ in a row, or -∞ everywhere; -∞
    /// as the target's logit gives a loss of ∞.
    /// </summary>
    /// <param name="logits">[rows, columns]</param>
    /// <param name="targets">[rows]</param>
    /// <param name="losses">[rows]; apart from the logits and the gradient.</param>
    /// <param name="gradient">[rows, columns], or none; may be the logits themselves.</param>
    public void CrossEntropy(
        DeviceView<float> logits, DeviceView<int> targets, int rows, int columns, float scale, DeviceView<float> losses, DeviceView<float> gradient = default)
    {
        const string operation = "cross-entropy";
        int count = Count(operation, nameof(rows), rows, nameof(columns), columns);
        RequireLength(operation, nameof(logits), logits, count);
        RequireLength(operation, nameof(targets), targets, rows);
        RequireLength(operation, nameof(losses), losses, rows);
        RequireApart(operation, nameof(losses), losses, nameof(logits), logits);
        bool hasGradient = gradient.Buffer is not null;
        if (hasGradient)
        {
            RequireLength(operation, nameof(gradient), gradient, count);
            RequireSameOrApart(operation, nameof(gradient), gradient, nameof(logits), logits);
            RequireApart(operation, nameof(losses), losses, nameof(gradient), gradient);
        }
        if (rows > 0) CrossEntropyCore(logits, targets, rows, columns, scale, losses, gradient, hasGradient);
    }

    /// <param name="columns">May be 0.</param>
    /// <param name="gradient">To be left alone without <paramref name="hasGradient"/>.</param>
    private protected abstract void CrossEntropyCore(
        DeviceView<float> logits, DeviceView<int> targets, int rows, int columns, float scale, DeviceView<float> losses, DeviceView<float> gradient, bool hasGradient);
}
