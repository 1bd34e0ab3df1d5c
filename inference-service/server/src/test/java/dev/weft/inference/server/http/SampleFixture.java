package dev.weft.inference.server.http;

import dev.weft.inference.server.TestWorker;
import dev.weft.inference.server.WorkerService;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker that serves the bundled sample; all tests of a class ask the same one. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SampleFixture {
    WorkerClient client;
    private WorkerService worker;

    @BeforeAll
    void start(@TempDir Path data) throws IOException {
        worker = worker(data);
        client = new WorkerClient(worker);
    }

    /** Starts the worker that the class asks. */
    WorkerService worker(Path data) throws IOException {
        return TestWorker.sample(data);
    }

    @AfterAll
    void stop() {
        client.stop();
        worker.close();
    }
}
