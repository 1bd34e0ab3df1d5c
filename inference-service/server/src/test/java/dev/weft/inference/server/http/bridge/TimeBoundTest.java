package dev.weft.inference.server.http.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.inference.server.TestWorker;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests of which a gateway says how long they may take. */
@Timeout(400)
class TimeBoundTest {
    @TempDir private static Path data;

    private static TestWorker worker;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        worker = TestWorker.start(data, _ -> TestWorker.bytes("abcdefghij"));
        // a worker's first answer takes longer
        assertThat(ask("600000", true).statusCode()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        worker.close();
        HTTP.shutdownNow();
    }

    @AfterEach
    void goOn() {
        worker.engine.release();
    }

    private static HttpResponse<String> ask(String time, boolean stream) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(worker.service.address().resolve("/v1/completions"))
                        .header("Content-Type", "application/json")
                        .header("weft-time-left", time)
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"model\":\"test-base\",\"prompt\":\"hi\",\"max_tokens\":5,"
                                            + "\"stream\":"
                                                + stream
                                                + "}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void awaitIdle() {
        while (worker.engine.pending() > 0) {
            Thread.onSpinWait(); // the test's own timeout ends it
        }
    }

    @Test
    void oneThatIsDoneInTimeIsAnswered() throws Exception {
        assertThat(ask("600000", false).body()).contains("\"text\":\"abcde\"");
        assertThat(ask("600000", true).body()).endsWith("data: [DONE]\n\n").doesNotContain("error");
    }

    @Test
    void oneThatIsNotEndsAndLeavesTheEngine() throws Exception {
        worker.engine.hold();
        HttpResponse<String> late = ask("200", false);
        assertThat(late.statusCode()).isEqualTo(504);
        assertThat(late.body()).contains("\"code\":\"timeout\"");
        awaitIdle();
        assertThat(ask("200", true).statusCode()).isEqualTo(504);
        awaitIdle();
    }

    @Test
    void aStreamThatHasBegunEndsWithAnErrorEvent() throws Exception {
        worker.engine.hold();
        Thread stepping =
                Thread.ofVirtual()
                        .start(() -> {
                            while (worker.engine.pending() == 0) {
                                Thread.onSpinWait();
                            }
                            worker.engine.stepOnce();
                        });
        HttpResponse<String> broken = ask("5000", true);
        stepping.join();
        assertThat(broken.statusCode()).isEqualTo(200);
        assertThat(broken.body())
                .startsWith("data: {")
                .contains("event: error")
                .contains("\"code\":\"timeout\"")
                .doesNotContain("[DONE]")
                .doesNotContain("\"finish_reason\":\"stop\"");
        awaitIdle();
    }

    @Test
    void aTimeThatIsNoneIsRefused() throws Exception {
        HttpResponse<String> refused = ask("soon", false);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("weft-time-left").contains("from 1 to 86400000");
    }
}
