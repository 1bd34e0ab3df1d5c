package dev.weft.gateway.routing;

import static dev.weft.gateway.Gateways.BASE;
import static dev.weft.gateway.Gateways.chat;
import static dev.weft.gateway.Gateways.error;
import static dev.weft.gateway.Gateways.get;
import static dev.weft.gateway.Gateways.json;
import static dev.weft.gateway.Gateways.post;
import static dev.weft.gateway.Gateways.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.FakeCatalog;
import dev.weft.gateway.FakeWorker;
import dev.weft.gateway.GatewayService;
import dev.weft.gateway.Gateways;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.protocol.feed.Share;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Names that lead to several versions, over real HTTP. */
class AliasRoutingTest {
    private static final ServedVersion OLD = FakeCatalog.version(1);
    private static final ServedVersion NEW = FakeCatalog.version(2);
    private static final String PLAIN = "{\"model\":\"canary\"}";

    private static FakeCatalog catalog;
    private static FakeWorker worker;
    private static GatewayService gateway;

    @BeforeAll
    static void start() throws Exception {
        catalog =
                new FakeCatalog(
                        entry("default", "sql", new Share(NEW, 1), new Share(OLD, 0)),
                        entry("default", "canary", new Share(OLD, 3), new Share(NEW, 1)),
                        entry("other", "private", new Share(FakeCatalog.version(3), 1)));
        worker = new FakeWorker(BASE, 0);
        gateway = Gateways.start(catalog.address(), Gateways.PATIENCE, worker.address());
        Gateways.awaitReady(gateway);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        worker.close();
        catalog.close();
    }

    @Test
    void requestsAreDividedByWeight() throws Exception {
        int old = 0;
        for (int i = 0; i < 400; i++) {
            old += digestFor(PLAIN).equals(OLD.digest().toString()) ? 1 : 0;
        }
        // five standard deviations of 400 draws at 3 in 4 are 43
        assertThat(old).isBetween(257, 343);
    }

    @Test
    void aRequestThatIsSentAgainUnderItsIdGetsTheSameVersion() throws Exception {
        for (int i = 0; i < 20; i++) {
            HttpResponse<String> first = chat(gateway, PLAIN);
            String digest = worker.next().headers().get("weft-adapter");
            String id = first.headers().firstValue("x-request-id").orElseThrow();
            assertThat(first.headers().firstValue("weft-version"))
                    .contains(digest.equals(OLD.digest().toString()) ? "sql@1" : "sql@2");
            HttpResponse<String> again = send(with("x-request-id", id));
            assertThat(worker.next().headers().get("weft-adapter")).isEqualTo(digest);
            assertThat(again.headers().firstValue("x-request-id")).contains(id);
        }
    }

    @Test
    void aUserOrASessionStaysWithItsVersion() throws Exception {
        Set<String> all = new HashSet<>();
        for (int user = 0; user < 20; user++) {
            String body = "{\"model\":\"canary\",\"user\":\"u%d\"}".formatted(user);
            String first = digestFor(body);
            assertThat(digestFor(body)).isEqualTo(first);
            all.add(first);
        }
        assertThat(all).hasSize(2);
        for (int session = 0; session < 20; session++) {
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 3; i++) {
                send(with("x-session-id", "s" + session));
                seen.add(worker.next().headers().get("weft-adapter"));
            }
            assertThat(seen).hasSize(1);
        }
    }

    /** Else most of them would see both versions. */
    @Test
    void aSessionMayHaveAnyForm() throws Exception {
        for (int session = 0; session < 8; session++) {
            for (String form : List.of("chat of %d", "s%d" + "x".repeat(1_000))) {
                String id = form.formatted(session);
                Set<String> seen = new HashSet<>();
                for (int i = 0; i < 4; i++) {
                    send(with("x-session-id", id));
                    seen.add(worker.next().headers().get("weft-adapter"));
                }
                assertThat(seen).as(id).hasSize(1);
            }
        }
    }

    /** Though its client names neither a session nor a user. */
    @Test
    void aChatStaysWithItsVersion() throws Exception {
        Set<String> all = new HashSet<>();
        for (int chat = 0; chat < 20; chat++) {
            String turns = "{\"role\":\"user\",\"content\":\"question %d\"}".formatted(chat);
            String first = digestFor(asked(turns));
            for (int turn = 0; turn < 4; turn++) {
                turns +=
                        ",{\"content\":[{\"text\":\"yes\"}],\"role\":\"assistant\"},"
                                + "{\"role\":\"user\",\"content\":\"and?\"}";
                assertThat(digestFor(asked(turns))).isEqualTo(first);
            }
            all.add(first);
        }
        assertThat(all).hasSize(2);
    }

    /** Of another gateway, say. */
    @Test
    void aChatWhoseBeginningNobodyKnowsStaysWithItsVersion() throws Exception {
        Set<String> all = new HashSet<>();
        for (int chat = 0; chat < 20; chat++) {
            String turns =
                    "{\"role\":\"user\",\"content\":\"elsewhere %d\"},{\"role\":\"assistant\"}"
                            .formatted(chat);
            String first = digestFor(asked(turns));
            assertThat(digestFor(asked(turns + ",{\"role\":\"user\",\"content\":\"and?\"}")))
                    .isEqualTo(first);
            all.add(first);
        }
        assertThat(all).hasSize(2);
    }

    /** As load tests and batches send them. */
    @Test
    void firstRequestsAreDividedByWeightThoughTheirMessagesAreTheSame() throws Exception {
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            all.add(digestFor(asked("{\"role\":\"user\",\"content\":\"hello\"}")));
        }
        assertThat(all).hasSize(2);
    }

    private static String asked(String messages) {
        return "{\"model\":\"canary\",\"messages\":[{\"role\":\"system\",\"content\":\"x\"},%s]}"
                .formatted(messages);
    }

    /** As in a rollout: whoever got the new version keeps it while its weight grows. */
    @Test
    void callersStayWithTheNewVersionWhileItsWeightGrows() throws Exception {
        Set<Integer> moved = new HashSet<>();
        for (int weight : new int[] {5, 25, 50, 75, 99}) {
            String name = "rolled-" + weight;
            catalog.publish(
                    entry(
                            "default",
                            "rolled",
                            new Share(OLD, 100 - weight),
                            new Share(NEW, weight)));
            catalog.publish(entry("default", name, new Share(NEW, 1)));
            // events come in order: the alias has changed once the name behind it is known
            Gateways.await(() -> chat(gateway, "{\"model\":\"" + name + "\"}").statusCode() == 200);
            worker.next();
            Set<Integer> now = new HashSet<>();
            for (int user = 0; user < 60; user++) {
                String body = "{\"model\":\"rolled\",\"user\":\"u%d\"}".formatted(user);
                if (digestFor(body).equals(NEW.digest().toString())) {
                    now.add(user);
                }
            }
            assertThat(now).containsAll(moved);
            moved = now;
            catalog.withdraw(name);
        }
        assertThat(moved).hasSizeGreaterThan(50);
        catalog.withdraw("rolled");
        Gateways.await(() -> chat(gateway, "{\"model\":\"rolled\"}").statusCode() == 404);
        worker.requests();
    }

    @Test
    void versionsArePinnedByNumberAndByDigest() throws Exception {
        for (String pin : List.of("sql@1", OLD.digest().toString())) {
            assertThat(digestFor("{\"model\":\"" + pin + "\"}")).isEqualTo(OLD.digest().toString());
            assertThat(json(get(gateway, "/v1/models/" + pin).body()).get("id").asString())
                    .isEqualTo(pin);
        }
        assertThat(digestFor("{\"model\":\"sql\"}")).isEqualTo(NEW.digest().toString());
    }

    @Test
    void modelsAreNamesAndAliasesOnly() throws Exception {
        assertThat(json(get(gateway, "/v1/models").body()).get("data"))
                .extracting(model -> model.get("id").asString())
                .containsExactly(BASE, "canary", "sql");
    }

    @Test
    void whatIsUnknownAndWhatIsNotAllowedLookAlike() throws Exception {
        Set<String> answers = new HashSet<>();
        for (String model :
                List.of(
                        "nobody",
                        "private",
                        "other/private",
                        "other/private@1",
                        FakeCatalog.version(3).digest().toString(),
                        "sql@9")) {
            HttpResponse<String> answer = chat(gateway, "{\"model\":\"" + model + "\"}");
            assertThat(answer.statusCode()).as(model).isEqualTo(404);
            assertThat(error(answer).get("code").asString()).isEqualTo("model_not_found");
            answers.add(error(answer).get("message").asString().replace(model, "M"));
        }
        assertThat(answers).hasSize(1);
    }

    private static String digestFor(String body) throws Exception {
        assertThat(chat(gateway, body).statusCode()).isEqualTo(200);
        return worker.next().headers().get("weft-adapter");
    }

    private static HttpRequest with(String header, String value) {
        return HttpRequest.newBuilder(post(gateway, "/v1/chat/completions", PLAIN), (_, _) -> true)
                .header(header, value)
                .build();
    }

    private static CatalogEntry entry(String tenant, String name, Share... shares) {
        return new CatalogEntry(new AdapterId(tenant, name), List.of(shares), Audience.NOBODY);
    }
}
