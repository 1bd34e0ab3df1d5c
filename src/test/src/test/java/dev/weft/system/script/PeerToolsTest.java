package dev.weft.system.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.system.fleet.Program;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Runs the tests of bench/peers: that llama.cpp has the same model as Weft, and how it is measured.
 */
class PeerToolsTest {
    private static final Path PEERS = Path.of("../../bench/peers").toAbsolutePath().normalize();
    private static final int MOST_SECONDS = 600;

    @Test
    void doWhatTheirOwnTestsSay() throws Exception {
        String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        assumeTrue(
                "Linux amd64".equals(machine),
                "bench/peers measures llama.cpp on Linux amd64 only");
        Program node = Program.node(PEERS.resolve("node_modules"), "node-llama-cpp");

        Program.Finished tests = node.runIn(PEERS, MOST_SECONDS, "--test");

        assertThat(tests.exit()).as(tests.output()).isZero();
        assertThat(tests.output()).contains("# fail 0");
    }
}
