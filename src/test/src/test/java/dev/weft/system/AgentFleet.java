package dev.weft.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * One fleet that serves the sample with its adapter {@code tools}, for all tests of a run. The
 * first test that asks starts it; it is closed after the last one.
 */
final class AgentFleet implements BeforeAllCallback {
    private static final Namespace HERE = Namespace.create(AgentFleet.class);

    private record Running(Fleet fleet, Path folder) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            fleet.close();
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static volatile @Nullable Running running;

    @Override
    public void beforeAll(ExtensionContext context) {
        running =
                context.getRoot()
                        .getStore(HERE)
                        .computeIfAbsent(Running.class, _ -> start(), Running.class);
    }

    static Fleet fleet() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("the test class does not extend with AgentFleet");
        }
        return now.fleet;
    }

    private static Running start() {
        try {
            Path folder = Files.createTempDirectory("weft-agent-tests");
            return new Running(
                    Fleet.start(Sample.deploymentFileWithTools(), folder.resolve("data")), folder);
        } catch (Exception e) {
            throw new IllegalStateException("the fleet did not start", e);
        }
    }
}
