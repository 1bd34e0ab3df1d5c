package dev.weft.system.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds before each kind of server: vLLM, SGLang and trtllm-serve, as stubs. */
class RelayKindsTest {
    private static final List<String> MODELS = List.of("sql", "json", "french");

    @TempDir private Path folder;

    /** The kinds. */
    enum Kind implements RelayFleet.Kind<StubServer> {
        VLLM {
            @Override
            public StubServer start(int held, Path data) throws Exception {
                return VllmStub.start(VllmStub.Errors.PYTHON, held, data);
            }
        },
        SGLANG {
            @Override
            public StubServer start(int held, Path data) throws Exception {
                return SglangStub.start(held, data);
            }
        },
        TRTLLM_SERVE {
            @Override
            public StubServer start(int held, Path data) throws Exception {
                return TrtllmStub.start(held, data);
            }
        }
    }

    private static HttpResponse<String> stream(URI gateway, String model, int tokens)
            throws Exception {
        return Http.post(
                gateway.resolve("/v1/chat/completions"),
                """
                {"model":"%s","stream":true,"temperature":0,"max_tokens":%d,"ignore_eos":true,
                "messages":[{"role":"user","content":"all orders"}]}\
                """
                        .formatted(model, tokens));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void eachModelAnswersAsItselfAlsoAmongOthersAndAfterItHasLeftTheServer(Kind kind)
            throws Exception {
        try (RelayFleet<StubServer> relay = RelayFleet.start(folder, kind, 1, 2);
                ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<String> alone = new ArrayList<>();
            for (String model : MODELS) {
                HttpResponse<String> answer = stream(relay.gateway(), model, 6);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(answer.body()).contains("\"model\":\"" + model + "\"", "[DONE]");
                assertThat(answer.body()).doesNotContain("weft1-");
                alone.add(RelayTest.contents(answer.body()));
            }
            assertThat(alone).doesNotHaveDuplicates();
            List<Future<HttpResponse<String>>> all = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                String model = MODELS.get(i % MODELS.size());
                all.add(pool.submit(() -> stream(relay.gateway(), model, 6)));
            }
            for (int i = 0; i < all.size(); i++) {
                assertThat(RelayTest.contents(all.get(i).get().body()))
                        .isEqualTo(alone.get(i % MODELS.size()));
            }
            assertThat(stream(relay.gateway(), Sample.BASE, 2).body()).contains("[DONE]");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aServerThatDiesComesBackWithItsAdapters(Kind kind) throws Exception {
        try (RelayFleet<StubServer> relay = RelayFleet.start(folder, kind, 2, 3)) {
            String whole = RelayTest.contents(stream(relay.gateway(), "sql", 8).body());
            relay.stub.dieAfter(3);
            assertThat(stream(relay.gateway(), "sql", 8).body())
                    .contains("event: error")
                    .doesNotContain("[DONE]", "\"finish_reason\":\"");
            relay.stub.comeBack();
            Http.awaitReady(relay.fleet.worker());
            Http.await(
                    "the same answer as before",
                    () ->
                            RelayTest.contents(stream(relay.gateway(), "sql", 8).body())
                                    .equals(whole));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anAdapterThatIsAcceptedAndNotAppliedIsRefused(Kind kind) throws Exception {
        try (RelayFleet<StubServer> relay = RelayFleet.start(folder, kind, 2, 3)) {
            relay.stub.ignoreLoads();
            HttpResponse<String> answer = stream(relay.gateway(), "json", 2);
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).contains("accepts the adapter and does not apply it");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void fieldsThatReachIntoTheServerAreRefusedByName(Kind kind) throws Exception {
        try (RelayFleet<StubServer> relay = RelayFleet.start(folder, kind, 2, 3)) {
            for (String field : List.of("lora_request", "chat_template", "priority")) {
                HttpResponse<String> refused =
                        Http.post(
                                relay.gateway().resolve("/v1/chat/completions"),
                                "{\"model\":\"sql\",\"%s\":1,\"messages\":[]}".formatted(field));
                assertThat(refused.statusCode()).isEqualTo(400);
                assertThat(refused.body()).contains(field);
            }
        }
    }

    /** The server counts requests that run, and an unload of one in use would wait for it. */
    @Test
    void sglangIsNeverAskedToUnloadWhatIsInUse() throws Exception {
        try (RelayFleet<SglangStub> relay = RelayFleet.start(folder, SglangStub::start, 1, 1);
                ExecutorService pool = Executors.newFixedThreadPool(3)) {
            List<Future<HttpResponse<String>>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                String model = MODELS.get(i % MODELS.size());
                all.add(pool.submit(() -> stream(relay.gateway(), model, 12)));
            }
            for (Future<HttpResponse<String>> each : all) {
                assertThat(each.get().statusCode()).isEqualTo(200);
            }
            assertThat(relay.stub.waited()).isZero();
        }
    }
}
