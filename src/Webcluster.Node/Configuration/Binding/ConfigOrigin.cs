namespace Webcluster.Node.Configuration.Binding;

/// <summary>Where a value was written, so that a complaint about it can be found.</summary>
internal abstract record ConfigOrigin
{
    /// <param name="Number">Counted from 1; 0 where no line is to blame (a key that is missing).</param>
    internal sealed record Line(string File, int Number) : ConfigOrigin
    {
        public override string ToString() => Number == 0 ? File : $"{File}:{Number}";
    }

    internal sealed record Variable(string Name) : ConfigOrigin
    {
        public override string ToString() => Name;
    }
}

/// <summary>One thing that is wrong with the configuration: where, which key, what, and what is allowed.</summary>
internal sealed record ConfigProblem(ConfigOrigin Origin, string Key, string Text)
{
    public override string ToString() => Key.Length == 0 ? $"{Origin}: {Text}" : $"{Origin}: {Key}: {Text}";
}
