package dev.weft.system.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Programs below {@code src/test/node}. Each uses a client of npm and fails if a result is wrong.
 */
public final class NodeProgram {
    private static final int MOST_SECONDS = 60;

    private NodeProgram() {}

    /**
     * Runs one to its end. A test that needs a client that is not there is left out.
     *
     * @param client its package
     * @param told what the program reads from its environment
     */
    public static void check(String program, String client, Map<String, String> told)
            throws IOException, InterruptedException {
        Program node = Program.node(Program.NPM, client);
        ProcessBuilder builder = node.with(List.of(Path.of("src/test/node", program).toString()));
        builder.environment().putAll(told);
        builder.environment().put("WEFT_CLIENT", Program.NPM.resolve(client).toString());
        Program.Finished finished = Program.finish(builder, MOST_SECONDS);
        assertThat(finished.exit()).as(finished.output()).isZero();
        assertThat(finished.output()).contains("all checks passed");
    }
}
