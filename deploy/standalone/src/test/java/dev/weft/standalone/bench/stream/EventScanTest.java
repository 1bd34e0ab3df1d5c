package dev.weft.standalone.bench.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventScanTest {
    private final EventScan scan = new EventScan();

    private EventScan read(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        scan.read(bytes, bytes.length);
        return scan;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"index\":0,\"text\":\""
                        + " a\",\"finish_reason\":null}],\"usage\":null}",
                "{\"choices\": [{\"delta\": {\"content\": \"x\"}, \"finish_reason\": null}]}",
                "{\"choices\":[{\"delta\":{\"reasoning_content\":\"x\"}}]}",
                "{\"choices\":[{\"text\":\"\\\"error\\\":{\\\"usage\\\":{}\"}]}"
            })
    void seesTextAndNothingElse(String json) {
        assertThat(read(json).hasText()).isTrue();
        assertThat(scan.hasUsage()).isFalse();
        assertThat(scan.isError()).isFalse();
        assertThat(scan.finishReason()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"text\":\"\"}]}",
                "{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null}}]}",
                "{\"choices\":[{\"logprobs\":{\"content\":[{\"token\":\"a\"}]}}]}",
                "{\"model\":\"text\",\"id\":\"content\"}",
                "{\"text",
                "{\"text\":",
                "{\"text\":\"",
                "{\"a\\",
                "",
                "[DONE]"
            })
    void whatIsEmptyOrCutShowsNoText(String json) {
        assertThat(read(json).hasText()).isFalse();
    }

    @Test
    void seesTheEndTheUsageAndErrors() {
        assertThat(
                        read("{\"choices\":[{\"text\":\"\",\"finish_reason\":\"length\"}]}")
                                .finishReason())
                .isEqualTo("length");
        assertThat(read("{\"choices\":[],\"usage\":{\"prompt_tokens\":3}}").hasUsage()).isTrue();
        assertThat(scan.finishReason()).isNull();
        assertThat(read("{\"error\":{\"message\":\"no\"}}").isError()).isTrue();
        assertThat(read("{\"error\": \"no\"}").isError()).isTrue();
        assertThat(read("{\"error\":null,\"text\":\"a\"}").isError()).isFalse();
        assertThat(scan.hasUsage()).isFalse();
    }

    @Test
    void bytesBehindTheEventDoNotCount() {
        byte[] bytes = "{\"text\":\"\"}{\"text\":\"x\"}".getBytes(StandardCharsets.UTF_8);
        scan.read(bytes, 11);
        assertThat(scan.hasText()).isFalse();
    }
}
