using Shouldly;
using Webcluster.Node.Classification;
using Webcluster.Protocol.Classification;
using Webcluster.TestKit.Metrics;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Node.Tests.Classification;

public sealed class UnsureRepliesTests
{
    private readonly ManualClock _clock = new();
    private readonly UnsureReplies _unsure;

    public UnsureRepliesTests() => _unsure = new UnsureReplies(_clock);

    [Fact]
    public void Note_SameButForNames_IsOneLineAndTheMostFrequentIsFirst()
    {
        Note("450 4.0.0 rare words");
        Note("550 5.0.0 <anna@rcpt.example> qqqq wwww");
        _clock.Advance(TimeSpan.FromHours(1));
        Note("550 5.0.0 <bernd@rcpt.example> qqqq wwww");

        _unsure.List(10).ShouldBe(
        [
            new UnsureReply("550 5.0.0 {addr} qqqq wwww", BounceClass.PermanentOther, 2, _clock.Now),
            new UnsureReply("450 4.0.0 rare words", BounceClass.PermanentOther, 1, _clock.Now.AddHours(-1)),
        ]);
        _unsure.List(1).ShouldHaveSingleItem().Count.ShouldBe(2);
    }

    [Fact]
    public void Note_NoServersWord_IsLeftOut()
    {
        Note("connection timed out");
        _unsure.List(10).ShouldBeEmpty();
    }

    [Fact]
    public void Note_MoreThanItKeeps_WhatWasNotSeenForLongestGivesWay()
    {
        Note("550 often");
        Note("550 once");
        for (var i = 0; i < UnsureReplies.Most - 1; i++)
        {
            Note($"550 {Word(i)}");
            Note("550 often");
        }

        var all = _unsure.List(int.MaxValue);
        all.Count.ShouldBe(UnsureReplies.Most);
        all[0].ShouldBe(new UnsureReply("550 often", BounceClass.PermanentOther, UnsureReplies.Most, _clock.Now));
        all.ShouldNotContain(reply => reply.Reply == "550 once");
    }

    [Fact]
    public void Classify_ThroughTheNodesClassifier_NotesOnlyWhatNothingWasSureOf()
    {
        using var meters = new TestMeters();
        var classifier = new NotedClassifier(ReplyClassifier.Shipped(), _unsure, new ClassificationMetrics(meters));

        classifier.Classify("550 5.1.1 User unknown").By.ShouldBe(ClassifiedBy.Rule);
        classifier.Classify("550 qqqq wwww").By.ShouldBe(ClassifiedBy.Code);

        _unsure.List(10).ShouldHaveSingleItem().Reply.ShouldBe("550 qqqq wwww");
    }

    private void Note(string reply) => _unsure.Note(reply, BounceClass.PermanentOther);

    // Letters alone: numbers are no difference.
    private static string Word(int number) => string.Concat($"{number}".Select(digit => (char)('g' + digit - '0')));
}
