package dev.weft.inference.server.http.body;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.bounds.memory.ProcessMemory;
import dev.weft.inference.server.TestWorker;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that asks for a large answer and does not read it. */
class SlowReaderTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** Words of a prompt whose tokens are more than the buffers of a connection hold. */
    private static final int WORDS = 330_000;

    /** Each byte of a word is a token, whose id has two digits at least. */
    private static final String WORD = "€€ ";

    private static final long LEAST_BYTES = 3L * 7 * WORDS;

    @Test
    void itsAnswerIsCountedUntilItHasReadItOrLeft(@TempDir Path data) throws Exception {
        ProcessMemory memory = ProcessMemory.ofHeap();
        long before = memory.takenBytes();
        try (TestWorker worker = TestWorker.start(data, _ -> TestWorker.bytes("x"))) {
            byte[] body =
                    ("{\"prompt\":\"" + WORD.repeat(WORDS) + "\"}")
                            .getBytes(StandardCharsets.UTF_8);
            for (boolean reads : new boolean[] {false, true}) {
                try (Socket client = slow(worker.service.address())) {
                    OutputStream request = client.getOutputStream();
                    request.write(head(body.length).getBytes(StandardCharsets.US_ASCII));
                    request.write(body);
                    byte[] begin = client.getInputStream().readNBytes(15);
                    assertThat(new String(begin, StandardCharsets.US_ASCII))
                            .isEqualTo("HTTP/1.1 200 OK");
                    assertThat(memory.takenBytes() - before).isGreaterThan(LEAST_BYTES);
                    if (reads) {
                        assertThat(client.getInputStream().readAllBytes())
                                .hasSizeGreaterThan((int) LEAST_BYTES);
                    }
                }
                eventually(() -> memory.takenBytes() <= before);
            }
        }
    }

    private static String head(int length) {
        return "POST /tokenize HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: "
                + length
                + "\r\n\r\n";
    }

    private static Socket slow(URI address) throws Exception {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(65_536);
        socket.setSoTimeout((int) LIMIT.toMillis());
        socket.connect(new InetSocketAddress(address.getHost(), address.getPort()));
        return socket;
    }

    private static void eventually(BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(LIMIT);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("memory is given back").isBefore(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
