package dev.weft.inference.server.http.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.inference.server.TestWorker;
import dev.weft.inference.server.http.WorkerClient;
import dev.weft.inference.server.http.json.JsonFields;
import dev.weft.inference.server.text.TestTokenizers;
import dev.weft.protocol.error.ApiException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

@Timeout(400)
class RepeatedFieldsTest {
    private static final String PATH = "/v1/responses";

    private static RepeatedFields of(String body) {
        return RepeatedFields.of(JsonFields.parse(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static String metadata(int pairs, int key, int value) {
        return IntStream.range(0, pairs)
                .mapToObj(i ->
                        "\"%s\":\"%s\""
                                .formatted(
                                        "k".repeat(key - 2)
                                                + (char) ('a' + i / 26)
                                                + (char) ('a' + i % 26),
                                        "v".repeat(value)))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String body(String metadata) {
        return "{\"model\":\"test-base\",\"input\":\"hi\",\"metadata\":" + metadata + "}";
    }

    @Test
    void holdsNothingElseOfTheBody() {
        RepeatedFields repeated =
                of(
                        """
                        {"input":"%s","unknown":"x","stop":null,"user":"u","tool_choice":null,
                         "metadata":{"a":"b"}}
                        """
                                .formatted("i".repeat(10_000)));
        assertThat(repeated.fields().propertyNames()).containsExactly("user", "metadata");
        assertThat(repeated.bytes()).isBetween(100L, 1000L);
    }

    @Test
    void aFieldThatIsNullIsTheDefault() {
        ObjectNode response = JsonNodeFactory.instance.objectNode();
        of("{\"tool_choice\":null,\"parallel_tool_calls\":null,\"tools\":null,\"text\":null}")
                .writeInto(response);
        assertThat(response.path("tool_choice").asString("")).isEqualTo("auto");
        assertThat(response.path("parallel_tool_calls").asBoolean()).isTrue();
        assertThat(response.path("tools").isArray()).isTrue();
        assertThat(response.at("/text/format/type").asString("")).isEqualTo("text");
        assertThat(response.path("user").isNull()).isTrue();
    }

    /** Its whole length, until the answer has gone out, and no longer. */
    @Test
    void whatARunHoldsIsClaimed(@TempDir Path data) throws Exception {
        ProcessMemory memory = ProcessMemory.ofHeap();
        AtomicLong taken = new AtomicLong();
        try (TestWorker worker =
                TestWorker.start(
                        data,
                        _ -> {
                            taken.set(memory.takenBytes());
                            return List.of(97, TestTokenizers.IM_END);
                        })) {
            WorkerClient client = new WorkerClient(worker);
            String much = body(metadata(16, 64, 512));
            String long1 =
                    much.substring(0, much.length() - 1)
                            + ",\"x\":\""
                            + "y".repeat(1 << 20)
                            + "\"}";
            HttpResponse<String> answer = client.send(client.post(PATH, long1));
            client.stop();
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(taken.get()).isBetween(16L * (64 + 512) * 8, 1L << 20);
            // the client has the answer a moment before the worker knows
            Instant deadline = Instant.now().plus(Duration.ofMinutes(1));
            while (memory.takenBytes() >= 16L * (64 + 512) * 8) {
                assertThat(Instant.now()).as("memory is given back").isBefore(deadline);
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void metadataMayBeAsLongAsAtOpenAi() {
        String most = metadata(16, 64, 512);
        assertThat(of(body(most)).fields().path("metadata")).isEqualTo(WorkerClient.tree(most));
    }

    @ParameterizedTest
    @CsvSource({"17, 64, 5", "1, 65, 5", "1, 64, 513"})
    void longerMetadataIsRefused(int pairs, int key, int value) {
        refused(metadata(pairs, key, value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "[]", "{\"a\":1}", "{\"a\":{}}", "{\"a\":null}"})
    void metadataIsStrings(String metadata) {
        refused(metadata);
    }

    private static void refused(String metadata) {
        assertThatThrownBy(() -> of(body(metadata)))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.param()).isEqualTo("metadata"));
    }
}
