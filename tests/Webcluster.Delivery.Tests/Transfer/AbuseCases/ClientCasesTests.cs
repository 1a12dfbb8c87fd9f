using System.Text.Json;
using Shouldly;
using Webcluster.TestKit;
using Xunit;

namespace Webcluster.Delivery.Tests.Transfer.AbuseCases;

/// <summary>What hostile and broken servers do to a client: a conversation for each case of the shared list, by its id.</summary>
public class ClientCasesTests
{
    private static readonly Dictionary<string, Func<Task>> Conversations = new(StringComparer.Ordinal)
    {
        ["OUT-01"] = LostServers.DropsAtEachStage,
        ["OUT-02"] = LostServers.ClosesWithoutReplyToTheDot,
        ["OUT-03"] = LostServers.ClosesAfter250,
        ["OUT-04"] = LostServers.NodeDiesBeforeSettling,
        ["OUT-05"] = HostileReplies.Endless,
        ["OUT-06"] = HostileReplies.Malformed,
        ["OUT-06b"] = HostileReplies.MeantForOtherReaders,
        ["OUT-07"] = HostileTls.InjectsAfterStartTls,
        ["OUT-08"] = HostileTls.DoesNotOfferIt,
        ["OUT-09"] = HostileTls.BreaksTheHandshake,
        ["OUT-10"] = OddReplies.ClosesWith421,
        ["OUT-11"] = OddReplies.DecidesPerRecipient,
        ["OUT-12"] = OddReplies.ContradictsItself,
        ["OUT-13"] = OddReplies.OffersLittle,
        ["OUT-14"] = OddDestinations.OfEveryKind,
        ["OUT-15"] = LostServers.Greylists,
        ["OUT-16"] = LostServers.AnswersTheDotAfterNineMinutes,
        ["OUT-17"] = LostServers.TakesOneMessageAConnection,
    };

    public static TheoryData<string> Ids => [.. Conversations.Keys];

    [Theory]
    [MemberData(nameof(Ids))]
    public Task Case_IsWithstood(string id) => Conversations[id]();

    [SharedDataFact]
    public void Table_HasEveryCaseOfTheList()
    {
        using var list = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("smtp/abuse_cases.json")));
        var ids = list.RootElement.GetProperty("client").EnumerateArray().Select(item => item.GetProperty("id").GetString()!).ToList();
        ids.ShouldNotBeEmpty();
        ids.Except(Conversations.Keys).ShouldBeEmpty();
    }
}
