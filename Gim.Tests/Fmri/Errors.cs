namespace Gim.Tests.Fmri;

/// <summary>The error of something that cannot be used, which must be one line that a user can act on.</summary>
internal static class Errors
{
    public static string Of(Action act)
    {
        var error = Assert.Throws<InputException>(act);
        Assert.DoesNotContain('\n', error.Message);
        return error.Message;
    }

    public static string Of(Func<object?> act) => Of(() => { act(); });
}
