package dev.weft.standalone.top;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.standalone.metrics.Scrape;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScreenFrameTest {
    @Test
    void fitsTheTerminalAndCountsWhatDoesNot() {
        ScreenFrame frame =
                new ScreenFrame(
                        1,
                        List.of(WorkerLine.failed("http://10.0.0.1:8082", "does not answer")),
                        IntStream.range(0, 30).mapToObj(i -> adapter("adapter-" + i)).toList(),
                        null);
        List<String> lines = frame.lines(40, 12);
        assertThat(lines).hasSize(12).allSatisfy(line -> assertThat(line).hasSizeLessThan(41));
        assertThat(lines.getLast()).isEqualTo("... and 25 more");
        assertThat(lines).anyMatch(line -> line.startsWith("10.0.0.1:8082"));
        assertThat(lines).filteredOn(line -> line.startsWith("adapter-")).hasSize(5);
        assertThat(frame.lines(200, 200))
                .filteredOn(line -> line.startsWith("adapter-"))
                .hasSize(30);
    }

    @Test
    void saysThatTheGatewayIsNotThere() {
        ScreenFrame frame =
                new ScreenFrame(1, List.of(), List.of(), "http://10.0.0.2:8080 does not answer");
        assertThat(frame.lines(200, 20))
                .contains(
                        "tokens/s by adapter are not known: gateway http://10.0.0.2:8080 does not"
                                + " answer");
        assertThat(FrameJson.of(frame)).contains("\"http://10.0.0.2:8080 does not answer\"");
    }

    @Test
    void theBusiestAdaptersComeFirst() {
        Growth worker =
                new Growth(
                        Scrape.parse(0, "weft_adapter_queue_seconds_count{weft_adapter=\"a\"} 0\n"),
                        Scrape.parse(
                                1_000_000_000,
                                """
                                weft_adapter_queue_seconds_count{weft_adapter="a"} 1
                                weft_adapter_queue_seconds_count{weft_adapter="b"} 4
                                weft_adapter_queue_seconds_sum{weft_adapter="b"} 2
                                weft_adapter_queue_seconds_count{weft_adapter="unknown"} 0
                                weft_adapter_bytes{weft_adapter="b",tier="slot"} 100
                                weft_adapter_bytes{weft_adapter="b",tier="disk"} 900
                                weft_adapter_bytes{weft_adapter="c",tier="host"} 50
                                vllm:lora_requests_info{max_lora="2",running_lora_adapters="b",waiting_lora_adapters="a,c"} 1.0
                                """));
        List<AdapterLine> lines = AdapterLine.of(List.of(worker, worker), null);
        assertThat(lines).extracting(AdapterLine::name).containsExactly("b", "a", "c");
        assertThat(lines.getFirst())
                .isEqualTo(
                        new AdapterLine(
                                "b",
                                new AdapterLine.Requests(
                                        OptionalDouble.empty(),
                                        OptionalDouble.of(8),
                                        OptionalDouble.of(0.5),
                                        0),
                                new AdapterLine.Held(2, 0, 200)));
        assertThat(lines).extracting(line -> line.requests().waitAt()).containsExactly(0, 2, 2);
    }

    @Test
    void theScreenIsLeftAsItWasOnce() {
        var written = new StringWriter();
        var screen = new Screen(new PrintWriter(written));
        screen.show(List.of("one", "two"));
        screen.close();
        screen.show(new ArrayList<>(List.of("three")));
        screen.close();
        assertThat(written.toString())
                .startsWith("\u001b[?1049h\u001b[?25l")
                .contains("one", "two")
                .doesNotContain("three")
                .endsWith("\u001b[J\u001b[?25h\u001b[?1049l");
    }

    private static AdapterLine adapter(String name) {
        OptionalDouble none = OptionalDouble.empty();
        return new AdapterLine(
                name,
                new AdapterLine.Requests(none, none, none, 0),
                new AdapterLine.Held(1, 0, 1 << 20));
    }
}
