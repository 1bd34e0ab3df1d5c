package dev.weft.system.relay;

import static org.assertj.core.api.Assertions.assertThat;

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
}
