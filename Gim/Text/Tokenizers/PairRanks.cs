using System.Numerics;

namespace Gim.Text.Tokenizers;

/// <summary>
/// Which two neighbouring ids merge, and how early: (left, right) -> (rank, merged id). Open addressing with linear
/// probing, at most half full; filled once, then read by any number of threads.
/// </summary>
internal sealed class PairRanks
{
    private readonly record struct Slot(int Left, int Right, int Rank, int Merged);

    private Slot[] slots;
    private int shift;
    private int count;

    public PairRanks(int expected)
    {
        slots = EmptySlots((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2 * expected)));
        shift = ShiftFor(slots);
    }

    /// <summary>Sets what the pair merges to; a pair that is already there takes the new rank.</summary>
    public void Set(int left, int right, int rank, int merged)
    {
        if (2 * (count + 1) > slots.Length) Grow();
        int at = Find(left, right);
        if (slots[at].Left < 0) count++;
        slots[at] = new(left, right, rank, merged);
    }

    /// <summary>Rank of the merge of two neighbours, <see cref="int.MaxValue"/> when they never merge.</summary>
    public int Rank(int left, int right, out int merged)
    {
        ref readonly Slot slot = ref slots[Find(left, right)];
        merged = slot.Merged;
        return slot.Rank;
    }

    private int Find(int left, int right)
    {
        Slot[] table = slots;
        int at = (int)((((ulong)(uint)left << 32 | (uint)right) * 0x9E3779B97F4A7C15UL) >> shift);
        while (true)
        {
            ref readonly Slot slot = ref table[at];
            if (slot.Left < 0 || (slot.Left == left && slot.Right == right)) return at;
            at = (at + 1) & (table.Length - 1);
        }
    }

    private void Grow()
    {
        Slot[] old = slots;
        slots = EmptySlots(2 * old.Length);
        shift = ShiftFor(slots);
        foreach (Slot slot in old)
            if (slot.Left >= 0) slots[Find(slot.Left, slot.Right)] = slot;
    }

    private static Slot[] EmptySlots(int length)
    {
        var empty = new Slot[length];
        Array.Fill(empty, new(-1, -1, int.MaxValue, -1));
        return empty;
    }

    private static int ShiftFor(Slot[] table) => 64 - BitOperations.Log2((uint)table.Length);
}
