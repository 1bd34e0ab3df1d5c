package dev.weft.system.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Sample;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds before SGLang alone. */
class RelaySglangTest {
    private static final List<String> MODELS = List.of("sql", "json", "french");

    /** The server counts requests that run, and an unload of one in use would wait for it. */
    @Test
    void isNeverAskedToUnloadWhatIsInUse(@TempDir Path folder) throws Exception {
        try (RelayFleet<SglangStub> relay = RelayFleet.start(folder, SglangStub::start, 1, 1);
                ExecutorService pool = Executors.newFixedThreadPool(3)) {
            List<Future<HttpResponse<String>>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                String model = MODELS.get(i % MODELS.size());
                all.add(pool.submit(() -> relay.stream(model, 12)));
            }
            for (Future<HttpResponse<String>> each : all) {
                assertThat(each.get().statusCode()).isEqualTo(200);
            }
            assertThat(relay.stub.waited()).isZero();
        }
    }

    /** The base takes a place in the server's batch, as an adapter does. */
    @Test
    void theBaseAnswersWhileAnAdapterKeepsItsSlot(@TempDir Path folder) throws Exception {
        try (RelayFleet<SglangStub> relay = RelayFleet.start(folder, SglangStub::start, 1, 1);
                HttpClient http = HttpClient.newHttpClient()) {
            relay.stub.fallSilentAfter(2);
            HttpRequest asked =
                    HttpRequest.newBuilder(relay.chat())
                            .header("Content-Type", "application/json")
                            .POST(
                                    HttpRequest.BodyPublishers.ofString(
                                            RelayFleet.streamed("sql", 12)))
                            .build();
            try (InputStream stream =
                    http.send(asked, HttpResponse.BodyHandlers.ofInputStream()).body()) {
                assertThat(stream.read()).isEqualTo('d'); // it runs, and goes on doing so
                HttpResponse<String> base = Http.chat(relay.gateway(), null, Sample.BASE);
                assertThat(base.statusCode()).as(base.body()).isEqualTo(200);
                relay.stub.behave();
            }
        }
    }
}
