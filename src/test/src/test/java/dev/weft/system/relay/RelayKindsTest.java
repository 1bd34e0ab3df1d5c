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
