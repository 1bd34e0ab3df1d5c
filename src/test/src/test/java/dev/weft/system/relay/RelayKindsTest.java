package dev.weft.system.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds before each kind of server: vLLM, SGLang and trtllm-serve, as stubs. */
@ParameterizedClass
@EnumSource(RelayKindsTest.Kind.class)
class RelayKindsTest {
    private static final List<String> MODELS = List.of("sql", "json", "french");

    @TempDir private static Path folder;

    @Parameter private Kind kind = Kind.VLLM;

    @SuppressWarnings("NullAway.Init") // it knows BeforeAll alone
    private static RelayFleet<StubServer> relay;

    /** The kinds, with the paths at which each computes with the base alone. */
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
        };

        /** Paths of its stub. */
        List<String> ofTheBase() {
            return switch (this) {
                case VLLM -> List.of();
                case SGLANG -> List.of("/v1/responses", "/v1/rerank", "/v1/score");
                case TRTLLM_SERVE -> List.of("/v1/responses", "/v1/embeddings");
            };
        }
    }

    @BeforeParameterizedClassInvocation
    static void start(Kind kind) throws Exception {
        relay = RelayFleet.start(folder.resolve(kind.name()), kind, 1, 2);
    }

    @AfterEach
    void behave() {
        relay.stub.behave();
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        relay.close();
    }

    @Test
    void eachModelAnswersAsItselfAlsoAmongOthersAndAfterItHasLeftTheServer() throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<String> alone = new ArrayList<>();
            for (String model : MODELS) {
                HttpResponse<String> answer = relay.stream(model, 6);
                assertThat(answer.statusCode()).as("%s: %s", kind, answer.body()).isEqualTo(200);
                assertThat(answer.body()).contains("\"model\":\"" + model + "\"", "[DONE]");
                assertThat(answer.body()).doesNotContain("weft1-");
                alone.add(RelayTest.contents(answer.body()));
            }
            assertThat(alone).doesNotHaveDuplicates();
            List<Future<HttpResponse<String>>> all = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                String model = MODELS.get(i % MODELS.size());
                all.add(pool.submit(() -> relay.stream(model, 6)));
            }
            for (int i = 0; i < all.size(); i++) {
                assertThat(RelayTest.contents(all.get(i).get().body()))
                        .isEqualTo(alone.get(i % MODELS.size()));
            }
            assertThat(relay.stream(Sample.BASE, 2).body()).contains("[DONE]");
        }
    }

    @Test
    void aServerThatDiesComesBackWithItsAdapters() throws Exception {
        String whole = RelayTest.contents(relay.stream("sql", 8).body());
        relay.stub.dieAfter(3);
        assertThat(relay.stream("sql", 8).body())
                .contains("event: error")
                .doesNotContain("[DONE]", "\"finish_reason\":\"");
        relay.comeBack();
        assertThat(RelayTest.contents(relay.stream("sql", 8).body())).isEqualTo(whole);
    }

    @Test
    void anAdapterThatIsAcceptedAndNotAppliedIsRefused() throws Exception {
        relay.stream("sql", 1);
        relay.stream("french", 1); // there is no room for a third
        relay.stub.ignoreLoads();
        HttpResponse<String> answer = relay.stream("json", 2);
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("accepts the adapter and does not apply it");
    }

    /** The base's answer would come under the adapter's name. */
    @Test
    void anAdapterIsRefusedWhereTheServerComputesWithTheBaseAlone() throws Exception {
        relay.stream("sql", 1);
        for (String path : kind.ofTheBase()) {
            HttpResponse<String> refused = input(path, "sql");
            assertThat(refused.statusCode()).as("%s: %s", path, refused.body()).isEqualTo(400);
            assertThat(refused.body()).contains("unsupported_parameter", path);
            HttpResponse<String> ofBase = input(path, Sample.BASE);
            assertThat(ofBase.statusCode()).as("%s: %s", path, ofBase.body()).isEqualTo(200);
        }
    }

    /** The stub's vectors are 0 for the base. */
    @Test
    void vectorsAreTheAdaptersWhereItIsTaken() throws Exception {
        boolean taken = !kind.ofTheBase().contains("/v1/embeddings");
        HttpResponse<String> answer = input("/v1/embeddings", "sql");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(taken ? 200 : 400);
        int number = Http.json(answer).path("data").path(0).path("embedding").path(0).asInt(0);
        assertThat(number != 0).isEqualTo(taken);
    }

    private static HttpResponse<String> input(String path, String model) throws Exception {
        return Http.post(
                relay.gateway().resolve(path),
                "{\"model\":\"" + model + "\",\"input\":\"all orders\"}");
    }

    @Test
    void fieldsThatReachIntoTheServerAreRefusedByName() throws Exception {
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
