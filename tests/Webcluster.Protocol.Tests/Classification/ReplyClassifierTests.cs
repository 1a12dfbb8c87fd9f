using Shouldly;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Classification.Learning;
using Webcluster.TestKit;
using Xunit;

namespace Webcluster.Protocol.Tests.Classification;

public sealed class ReplyClassifierTests
{
    private static readonly ReplyClassifier Classifier = ReplyClassifier.Shipped();

    /// <summary>Replies whose words are of one class and whose meaning is of another.</summary>
    [Theory]
    [InlineData("550 5.1.1 <a@example.net>: Sender address rejected: User unknown in virtual mailbox table", BounceClass.Policy)]
    [InlineData("550 Sender verify failed: no such user a@example.net", BounceClass.Policy)]
    [InlineData("550 5.7.1 Relaying to unknown user denied, relay access denied", BounceClass.RelayDenied)]
    [InlineData("554 5.7.1 Client host rejected: cannot find your hostname, host not found", BounceClass.Policy)]
    [InlineData("452 4.2.2 mailbox over quota", BounceClass.MailboxFull)]
    [InlineData("450 4.7.1 daily quota exceeded for your server", BounceClass.RateLimited)]
    [InlineData("421 4.7.0 temporarily rate limited because your address has no PTR record", BounceClass.Policy)]
    [InlineData("552 5.3.4 mailbox takes messages up to 10 MB: message too large", BounceClass.MessageTooLarge)]
    [InlineData("550 5.7.1 message looks like spam, see our DKIM, SPF and DMARC pages", BounceClass.AuthFailure)]
    [InlineData("550 5.1.1 Recipient a@example.net is invalid. Not spam? Ask your contact", BounceClass.InvalidRecipient)]
    public void Classify_MixedWords_MeansWhatIsMeant(string reply, BounceClass expected) =>
        Classifier.Classify(reply).Class.ShouldBe(expected);

    [Theory]
    [InlineData("550 5.1.1 User unknown", true)]
    [InlineData("450 4.1.1 User unknown", false)]
    [InlineData("User unknown", false)]
    [InlineData("550 Mailbox unavailable", false)]
    [InlineData("552 5.2.2 Mailbox full", false)]
    [InlineData("550 5.2.1 Mailbox disabled", true)]
    [InlineData("550 5.7.1 Access denied", false)]
    [InlineData("550 5.1.1 x y z", false)]
    public void Suppresses_OnlyWhatIsSureAndPermanent(string reply, bool suppressed) =>
        Classifier.Classify(reply).Suppresses().ShouldBe(suppressed);

    /// <summary>Words of a missing mailbox in replies that speak of something else.</summary>
    [Theory]
    [InlineData("550 5.7.1 Your server has sent mail to too many unknown users and has been blocked")]
    [InlineData("550 Too many invalid recipients, connection dropped")]
    [InlineData("554 5.7.1 IP blocked because of too many non-existent recipients")]
    [InlineData("550 Sender unknown: no such user in our database")]
    [InlineData("550 5.1.7 Invalid address: sender mailbox does not exist")]
    [InlineData("550 Envelope sender a@example.net: no such user")]
    [InlineData("550 Reply-to user unknown")]
    [InlineData("550 5.7.1 Recipient unknown to sender's address book; challenge sent")]
    [InlineData("550 5.1.1 Relay denied for unknown recipient domain")]
    [InlineData("550 5.7.1 The account you are sending from has been suspended")]
    [InlineData("550 Your account has been disabled for sending spam")]
    [InlineData("554 Sending account locked, contact support")]
    [InlineData("535 Authentication failed: user not found")]
    [InlineData("550 Message contains invalid recipient header")]
    [InlineData("550 5.3.5 Mailbox database not found")]
    [InlineData("550 5.7.1 Mail from disabled account rejected")]
    [InlineData("550 SPF record invalid, recipient rejected")]
    [InlineData("550 Recipient not found in access list of sender policy")]
    [InlineData("550 <a@example.net>: address does not match certificate")]
    [InlineData("550 HELO unknown user")]
    [InlineData("550 5.1.1 The mail you sent was identified as spam by user unknown filter")]
    [InlineData("550 virus W32.UserUnknown found, no such user")]
    [InlineData("550 Blocked by account owner")]
    [InlineData("550 5.7.1 Recipient has blocked your account")]
    [InlineData("550 5.7.1 보안 정책에 따라 수신자에게 메일을 전달할 수 없습니다")]
    [InlineData("550 5.7.1 수신자에게 메일을 보낼 수 없습니다")]
    [InlineData("552 수신자 메일함에 남은 공간이 없습니다")]
    [InlineData("550 5.7.1 사용자 권한이 없습니다")]
    [InlineData("550 5.7.1 발신자 주소가 존재하지 않습니다: 없는 사용자")]
    [InlineData("550 5.1.8 Fromアドレスのドメインが存在しません")]
    [InlineData("550 送信元メールアドレスが見つかりません")]
    [InlineData("550 5.1.1 送信者のドメインが存在しません")]
    [InlineData("550 5.7.1 发信地址不存在")]
    [InlineData("550 发信人地址不存在")]
    [InlineData("550 發件信箱不存在")]
    [InlineData("554 5.7.1 您的邮箱不存在")]
    [InlineData("554 证书已过期")]
    [InlineData("550 5.7.1 发信功能被禁用")]
    [InlineData("550 5.1.8 Die E-Mail-Adresse des Absenders existiert nicht")]
    [InlineData("550 Das Postfach des Absenders: Benutzer unbekannt")]
    [InlineData("554 5.7.1 Zugriff verweigert: IP-Adresse unbekannt")]
    [InlineData("550 5.7.1 Ihr Konto ist gesperrt")]
    [InlineData("550 5.1.8 L'adresse d'expédition n'existe pas")]
    [InlineData("550 L'adresse de retour n'existe pas")]
    [InlineData("550 Utilisateur inconnu : votre adresse a été refusée")]
    [InlineData("550 5.1.8 La dirección del emisor no existe")]
    [InlineData("550 La cuenta de origen: usuario desconocido")]
    [InlineData("550 O endereço de origem não existe")]
    [InlineData("550 A caixa postal não aceita mensagens de fora")]
    [InlineData("550 Indirizzo di origine: utente sconosciuto")]
    [InlineData("550 Retouradres: gebruiker onbekend")]
    [InlineData("550 5.2.1 Uw account is geblokkeerd")]
    [InlineData("550 Adres zwrotny nie istnieje")]
    [InlineData("550 Обратный адрес не существует")]
    [InlineData("550 Обратный адрес: пользователь не найден")]
    [InlineData("550 5.7.1 Такой пользователь не может отправлять почту")]
    [InlineData("550 Avsändaren: okänd användare")]
    [InlineData("550 Odesílatel: neznámý uživatel")]
    [InlineData("550 A feladó ismeretlen felhasználó")]
    [InlineData("550 Expeditorul: utilizator necunoscut")]
    [InlineData("550 Gönderen: böyle bir kullanıcı yok")]
    [InlineData("550 Böyle bir kullanıcı posta gönderemez")]
    [InlineData("550 5.1.8 User unknown")]
    [InlineData("501 5.1.7 <someone@example.net>: no such user")]
    [InlineData("550 Return address <a@example.net> - user unknown")]
    [InlineData("550 5.7.1 Envelope-From <a@example.net>: user unknown")]
    [InlineData("550 Callback verification of <a@example.net> failed: no such user")]
    [InlineData("550 Your address <a@example.net> does not exist")]
    [InlineData("550 5.2.1 Письмо заблокировано")]
    [InlineData("550 5.2.1 Сообщение заблокировано")]
    [InlineData("550 5.2.1 Ваш домен заблокирован")]
    [InlineData("554 5.2.1 Diese Nachricht wurde gesperrt")]
    [InlineData("550 5.2.1 Ihre Domain ist gesperrt")]
    [InlineData("550 5.2.1 Servicio suspendido para su servidor")]
    [InlineData("550 5.1.1 Callout to your MX said unknown user")]
    public void Suppresses_WhatIsNotOfTheRecipient_Never(string reply) => Classifier.Classify(reply).Suppresses().ShouldBeFalse();

    /// <summary>"The address is not there" is sure where the code says whose.</summary>
    [Theory]
    [InlineData("550 Adresse existiert nicht", false)]
    [InlineData("550 5.1.1 Adresse existiert nicht", true)]
    [InlineData("550 La dirección no existe", false)]
    [InlineData("550 5.1.1 La dirección no existe", true)]
    [InlineData("550 5.1.10 Cette adresse n'existe pas", true)]
    [InlineData("550 5.1.1 地址不存在", true)]
    [InlineData("550 5.1.1 アドレスが見つかりません", true)]
    [InlineData("550 5.1.1 존재하지 않는 메일 주소입니다", true)]
    [InlineData("550 5.1.1 Адрес не существует", true)]
    [InlineData("550 5.1.1 Endereço não existe", true)]
    [InlineData("550 5.1.1 Adres nie istnieje", true)]
    [InlineData("550 Benutzer unbekannt", true)]
    [InlineData("550 La dirección del destinatario no existe", true)]
    [InlineData("550 존재하지 않는 사용자입니다", true)]
    [InlineData("550 사용자가 없습니다", true)]
    [InlineData("550 宛先アドレスが存在しません", true)]
    [InlineData("550 用户不存在", true)]
    [InlineData("550 5.2.1 帐号已冻结", true)]
    [InlineData("550 5.2.1 Postfach gesperrt", true)]
    [InlineData("550 5.2.1 Почтовый ящик заблокирован", true)]
    [InlineData("550 5.2.1 Cuenta suspendida", true)]
    [InlineData("550 5.2.1 Gesperrt", false)]
    [InlineData("550 冻结", false)]
    [InlineData("550 5.2.1 冻结", true)]
    public void Suppresses_WordsInOtherLanguages_WhereTheyMeanTheRecipient(string reply, bool suppressed)
    {
        var answer = Classifier.Classify(reply);
        answer.Class.ShouldBeOneOf(BounceClass.InvalidRecipient, BounceClass.InactiveMailbox);
        answer.Suppresses().ShouldBe(suppressed, answer.Rule);
    }

    [Theory]
    [InlineData("550 5.5.3 Too many recipients", true, true)]
    [InlineData("450 4.2.0 Greylisted", false, true)]
    [InlineData("550 5.1.1 User unknown", true, false)]
    [InlineData("450 4.1.1 User unknown", false, true)]
    [InlineData("Connection timed out", null, true)]
    public void Retries_AndWhatTheRemoteSaid_StayApart(string reply, bool? permanent, bool retries)
    {
        var answer = Classifier.Classify(reply);
        answer.Permanent.ShouldBe(permanent);
        answer.Retries().ShouldBe(retries);
    }

    [Fact]
    public void Suppresses_BySureness_HasItsBoundaries()
    {
        Of(BounceClass.InvalidRecipient, ClassifiedBy.Rule, Consequences.SureEnough).ShouldBeTrue();
        Of(BounceClass.InvalidRecipient, ClassifiedBy.Rule, Consequences.SureEnough - 0.01).ShouldBeFalse();
        Of(BounceClass.InactiveMailbox, ClassifiedBy.Rule, 1).ShouldBeTrue();
        Of(BounceClass.InvalidRecipient, ClassifiedBy.Model, 1).ShouldBeFalse();
        Of(BounceClass.InvalidRecipient, ClassifiedBy.Code, 1).ShouldBeFalse();
        Of(BounceClass.Policy, ClassifiedBy.Rule, 1).ShouldBeFalse();

        static bool Of(BounceClass found, ClassifiedBy by, double confidence) =>
            new ReplyClassification(found, true, by, confidence).Suppresses();
    }

    [Fact]
    public void Consequences_EachClass_HasOne()
    {
        foreach (var each in Enum.GetValues<BounceClass>()) Consequences.Of(each).ShouldNotBeNull();
        Enum.GetValues<BounceClass>().Where(each => Consequences.Of(each).Suppress)
            .ShouldBe([BounceClass.InvalidRecipient, BounceClass.InactiveMailbox]);
    }

    [Fact]
    public void WithRules_OwnRules_ComeFirst()
    {
        var own = Classifier.WithRules("own.txt", "rule mine = policy\ntext user unknown\n", []).ShouldNotBeNull();
        own.Classify("550 5.1.1 User unknown").Rule.ShouldBe("mine");
        own.Classify("552 5.2.2 Mailbox full").Class.ShouldBe(BounceClass.MailboxFull);
        var problems = new List<string>();
        Classifier.WithRules("own.txt", "nonsense", problems).ShouldBeNull();
        problems.Count.ShouldBe(1);
    }

    [Fact]
    public void Classify_AnyText_AnswersWithAProbability()
    {
        var random = new Random(3);
        for (var round = 0; round < 3000; round++) Check(Noise(random, random.Next(0, 300)));
        string[] parts = ["<", "550-", "5.1.1 ", "a@", "http://", "{", "1.2.3.4", "user unknown ", "\u00e3\u0081", "\0", "'", "箱"];
        foreach (var part in parts) Check(string.Concat(Enumerable.Repeat(part, 100_000)));

        static void Check(string reply)
        {
            var answer = Classifier.Classify(reply);
            answer.Confidence.ShouldBeInRange(0, 1);
            Enum.IsDefined(answer.Class).ShouldBeTrue();
        }
    }

    [SharedDataFact]
    public void SharedReplies_ByCrossValidation_AreMostlyRightAndSuppressNoneWrongly()
    {
        const int Folds = 5;
        var sheet = ReplySheet.Read(File.ReadAllText(SharedData.Path("replies.tsv")), labelled: true, out _).ShouldNotBeNull();
        var shipped = ModelTraining.ShippedLines();
        var right = 0;
        var wrong = new List<string>();
        for (var fold = 0; fold < Folds; fold++)
        {
            var parts = sheet.Rows.ToLookup(row => ModelTraining.FoldOf(row.Reply, Folds) == fold);
            var others = parts[false].Select(row => new LabelledLine(row.Reply, row.Class!.Value));
            var trained = Classifier.WithModelOf([.. shipped, .. others]);
            foreach (var row in parts[true])
            {
                var answer = trained.Classify(row.Reply);
                if (row.Acceptable.Contains(answer.Class)) right++;
                if (answer.Suppresses() && !row.Acceptable.Any(each => Consequences.Of(each).Suppress)) wrong.Add(row.Reply);
            }
        }
        wrong.ShouldBeEmpty();
        ((double)right / sheet.Rows.Count).ShouldBeGreaterThan(0.9);
    }

    private static string Noise(Random random, int length) =>
        string.Create(length, random, (text, from) =>
        {
            for (var at = 0; at < text.Length; at++) text[at] = from.Next(4) == 0 ? (char)from.Next(0x10000) : (char)from.Next(0x80);
        });
}
