package dev.weft.inference.relay.splice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import dev.weft.protocol.usage.TokenCount;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayStreamTest {
    private static final RelayAnswer NAMES = new RelayAnswer("weft1-ab", "sql \"q\"", false);
    private static final RelayStream.Wanted NOTHING =
            new RelayStream.Wanted(false, false, false, 1);

    private static final String SERVER =
            """
            data: {"id":"c","model":"weft1-ab","choices":[{"index":0,"delta":{"content":"weft1-ab"}}],"usage":{"prompt_tokens":7,"completion_tokens":1}}

            : ping

            data: {"usage":{"prompt_tokens":7,"completion_tokens":2} , "model" : "weft1-ab","choices":[{"index":0}]}

            data: {"model":"weft1-ab","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2}}

            data: [DONE]

            """;

    private static final String CLIENT =
            """
            data: {"id":"c","model":"sql \\"q\\"","choices":[{"index":0,"delta":{"content":"weft1-ab"}}]}

            : ping

            data: { "model" : "sql \\"q\\"","choices":[{"index":0}]}

            data: [DONE]

            """;

    private static RelayStream stream(RelayStream.Wanted wanted) {
        return new RelayStream(NAMES, wanted, _ -> {});
    }

    private static String relay(RelayStream stream, String text, int size) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; from += size) {
            out.writeBytes(
                    stream.take(
                            Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size))));
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 10_000})
    void theModelIsTheClientsWhereverPiecesAreCut(int size) {
        RelayStream stream = stream(NOTHING);
        assertThat(relay(stream, SERVER, size)).isEqualTo(CLIENT);
        assertThat(stream.ended()).isTrue();
        assertThat(stream.count()).contains(new TokenCount(7, 2));
        assertThat(stream.events()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 10_000})
    void otherLineEndsPass(int size) {
        RelayStream stream = stream(NOTHING);
        assertThat(relay(stream, SERVER.replace("\n", "\r\n"), size))
                .isEqualTo(CLIENT.replace("\n", "\r\n"));
    }

    @Test
    void usageThatIsAskedForStays() {
        RelayStream stream = stream(new RelayStream.Wanted(true, true, false, 1));
        assertThat(relay(stream, SERVER, 100))
                .isEqualTo(
                        SERVER.replace("\"model\":\"weft1-ab\"", "\"model\":\"sql \\\"q\\\"\"")
                                .replace(
                                        "\"model\" : \"weft1-ab\"",
                                        "\"model\" : \"sql \\\"q\\\"\""));
    }

    @Test
    void aGatewayIsToldTheTokensOfAllChoices() {
        RelayStream stream = stream(new RelayStream.Wanted(false, false, true, 2));
        String told =
                relay(
                        stream,
                        """
                        data: {"choices":[{"index":0}],"usage":{"prompt_tokens":7,"completion_tokens":3}}

                        data: {"choices":[{"index":1}],"usage":{"prompt_tokens":7,"completion_tokens":4}}

                        """,
                        10_000);
        assertThat(told)
                .isEqualTo(
                        """
                        : weft-usage 7 3
                        data: {"choices":[{"index":0}]}

                        : weft-usage 7 7 2
                        data: {"choices":[{"index":1}]}

                        """);
        assertThat(stream.ended()).isFalse();
    }

    /** A client may leave before the event that tells all; until then each choice tells its own. */
    @Test
    void thePromptsOfAllChoicesCountOnce() {
        RelayStream stream = stream(new RelayStream.Wanted(false, false, false, 2));
        String event =
                """
                data: {"choices":[{"index":%d}],"usage":{"prompt_tokens":%d,"completion_tokens":%d}}

                """;
        relay(stream, event.formatted(0, 5, 1), 50);
        assertThat(stream.count()).contains(new TokenCount(5, 1));
        relay(stream, event.formatted(2, 7, 1) + event.formatted(1, 5, 1), 50);
        assertThat(stream.count()).contains(new TokenCount(12, 3, 3));
        relay(stream, event.formatted(3, 7, 2) + event.formatted(0, 5, 4), 50);
        assertThat(stream.count()).contains(new TokenCount(12, 8, 4));
        relay(
                stream,
                """
                data: {"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":9}}

                """,
                50);
        assertThat(stream.count()).as("what it tells").contains(new TokenCount(12, 9, 4));
    }

    /** Once the tokens are asked for, vLLM tells it beside them alone. */
    @Test
    void theServersFingerprintComesWithTheUsage() {
        String last =
                """
                data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2},"system_fingerprint":"fp"}

                """;
        RelayStream.Wanted usage = new RelayStream.Wanted(true, false, false, 1);
        assertThat(relay(stream(usage), last, 50)).isEqualTo(last);
        assertThat(relay(stream(NOTHING), last, 50)).isEmpty();
    }

    @Test
    void anErrorWithinAStreamEndsItAndNamesTheClientsModel() {
        RelayStream stream = stream(new RelayStream.Wanted(false, false, true, 1));
        String event =
                """
                data: {"error":{"message":"%s broke"}}

                """;
        assertThat(relay(stream, event.formatted("weft1-ab"), 10_000))
                .isEqualTo(": weft-error worker_failed\n" + event.formatted("sql \\\"q\\\""));
        assertThat(stream.ended()).isTrue();
    }

    /** Clients take these ends for good ones. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: [DONE]\n\n",
                "data: {\"type\":\"message_stop\"}\n\n",
                "data: {\"choices\":[{\"index\":0,\"finish_reason\":\"stop\"}]}\n\n",
                "data: later\n\n",
                "event: message_stop\n\n",
                "data: a\ndata: b\n\n"
            })
    void nothingFollowsAnError(String later) {
        String error = "data: {\"error\":{\"message\":\"broke\"}}\n\n";
        RelayStream stream = stream(NOTHING);
        assertThat(relay(stream, error + later, 7)).isEqualTo(error);
        assertThat(stream.failed()).isTrue();
        assertThat(stream.ended()).isTrue();
    }

    @Test
    void responsesEndWithTheirOwnEvent() {
        RelayStream stream = stream(new RelayStream.Wanted(false, true, true, 1));
        String event =
                """
                event: response.completed
                data: {"type":"response.completed","response":{"model":"%s","usage":{"input_tokens":5,"output_tokens":6}}}

                """;
        assertThat(relay(stream, event.formatted("weft1-ab"), 9))
                .isEqualTo(": weft-usage 5 6\n" + event.formatted("sql \\\"q\\\"") + ": end\n\n");
        assertThat(stream.ended()).isTrue();
    }

    @Test
    void messagesTellTheirTokensUnasked() {
        RelayStream stream = stream(NOTHING);
        String events =
                """
                event: message_start
                data: {"type":"message_start","message":{"model":"%s","usage":{"input_tokens":5,"output_tokens":0}}}

                event: message_delta
                data: {"type":"message_delta","usage":{"output_tokens":9}}

                """;
        assertThat(relay(stream, events.formatted("weft1-ab"), 50))
                .isEqualTo(events.formatted("sql \\\"q\\\""));
        assertThat(stream.count()).contains(new TokenCount(5, 9));
    }

    @Test
    void aResponseThatFailedIsNoGoodEnd() {
        RelayStream stream = stream(new RelayStream.Wanted(false, true, true, 1));
        String event =
                """
                event: response.failed
                data: {"type":"response.failed","response":{"model":"%s","error":{"code":"server_error"}}}

                """;
        assertThat(relay(stream, event.formatted("weft1-ab"), 9))
                .isEqualTo(": weft-error worker_failed\n" + event.formatted("sql \\\"q\\\""));
        assertThat(stream.ended()).isTrue();
        assertThat(stream.failed()).isTrue();
    }

    /** A client may leave before the event that tells the tokens. */
    @Test
    void partsOfAResponseCountUntilItTellsItsTokens() {
        RelayStream stream = stream(new RelayStream.Wanted(false, true, true, 1));
        String part =
                """
                event: response.output_text.delta
                data: {"type":"response.output_text.delta","delta":"a"}

                """;
        assertThat(relay(stream, part + part, 50))
                .isEqualTo(": weft-usage 0 1\n" + part + ": weft-usage 0 2\n" + part);
        assertThat(stream.count()).contains(new TokenCount(0, 2));
        relay(
                stream,
                """
                event: response.completed
                data: {"type":"response.completed","response":{"usage":{"input_tokens":5,"output_tokens":1}}}

                """,
                50);
        assertThat(stream.count()).as("what it tells").contains(new TokenCount(5, 1));
    }

    @Test
    void partsOfAMessageCountBesideItsPrompt() {
        RelayStream stream = stream(NOTHING);
        relay(
                stream,
                """
                data: {"type":"message_start","message":{"usage":{"input_tokens":5,"output_tokens":0}}}

                data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"a"}}

                data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"b"}}

                """,
                50);
        assertThat(stream.count()).contains(new TokenCount(5, 2));
    }

    /** It serves several names, and answers with the first or with its checkpoint's folder. */
    @Test
    void whateverTheServerCallsItselfIsTheClientsModel() {
        String event = "data: {\"model\":\"%s\",\"x\":\"weft1-ab\"}\n\n";
        assertThat(relay(stream(NOTHING), event.formatted("/models/base"), 10_000))
                .isEqualTo(event.formatted("sql \\\"q\\\""));
        String none = "data: {\"model\":null,\"response\":{\"id\":\"model\"}}\n\n";
        assertThat(relay(stream(NOTHING), none, 10_000)).isEqualTo(none);
    }

    /** What a client sent comes back to it in an event of that size. */
    @Test
    @Timeout(120)
    void aLongEventIsLookedThroughOnceAndPaidFor() {
        AtomicLong paid = new AtomicLong();
        RelayStream stream = new RelayStream(NAMES, NOTHING, paid::addAndGet);
        assertThat(relay(stream, SERVER, 100)).isEqualTo(CLIENT);
        assertThat(paid).as("what every stream has").hasValue(0);
        byte[] piece = "a".repeat(16).getBytes(StandardCharsets.US_ASCII);
        stream.take("data: {\"model\":\"m\",\"user\":\"".getBytes(StandardCharsets.US_ASCII));
        int pieces = (16 << 20) / piece.length;
        for (int i = 0; i < pieces; i++) {
            assertThat(stream.take(piece)).isEmpty();
        }
        assertThat(paid.get()).isGreaterThan(5L * (16 << 20));
        byte[] told = stream.take("\"}\n\n: ping\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(told).hasSizeGreaterThan(16 << 20);
        assertThat(new String(told, 0, 40, StandardCharsets.US_ASCII))
                .startsWith("data: {\"model\":\"sql \\\"q\\\"\",\"user\":\"aaa");
        long before = paid.get();
        assertThat(relay(stream, "\n" + SERVER, 7)).isEqualTo(": ping\n\n" + CLIENT);
        assertThat(paid).hasValue(before);
    }

    @Test
    void whatTheRequestsMemoryRefusesEndsTheStream() {
        ApiException none = new ApiException(ErrorCode.OVERLOADED, "none left");
        RelayStream stream =
                new RelayStream(
                        NAMES,
                        NOTHING,
                        _ -> {
                            throw none;
                        });
        assertThatThrownBy(() -> stream.take(new byte[1 << 20])).isSameAs(none);
    }

    /** A client could make a server look broken otherwise. */
    @Test
    void anEventThatNoModelSendsIsTheRequestsOwnFault() {
        RelayStream stream = stream(NOTHING);
        byte[] piece = new byte[16 << 20];
        assertThat(stream.take(piece)).isEmpty();
        assertThat(stream.take(piece)).isEmpty();
        assertThatThrownBy(() -> stream.take(new byte[1]))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_FAILED))
                .hasMessageContaining("an event of over 33554432 bytes");
    }
}
