package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * What bench/peers tests itself: that llama.cpp has the same model as Weft, and how it is measured.
 */
class PeerToolsTest {
    private static final Path PEERS = Path.of("../../bench/peers").toAbsolutePath().normalize();
    private static final int MOST_SECONDS = 600;

    @Test
    void doWhatTheirOwnTestsSay() throws Exception {
        String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        assumeTrue("Linux amd64".equals(machine), "llama.cpp is measured on Linux amd64 only");
        assertThat(Files.isDirectory(PEERS.resolve("node_modules/node-llama-cpp")))
                .as("llama.cpp is installed: ./weft test does it")
                .isTrue();

        Program.Finished tests = Program.named("node").runIn(PEERS, MOST_SECONDS, "--test");

        assertThat(tests.exit()).as(tests.output()).isZero();
        assertThat(tests.output()).contains("# fail 0");
    }
}
