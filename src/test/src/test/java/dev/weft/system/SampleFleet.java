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
 * One fleet that serves the bundled sample, for all tests of a run. The first test that asks starts
 * it; it is closed after the last one. FILE sources of the admin API may lie in {@link
 * #adapters()}.
 */
final class SampleFleet implements BeforeAllCallback {
    private static final Namespace HERE = Namespace.create(SampleFleet.class);

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
        return current().fleet;
    }

    /** A folder from which adapters may be registered. */
    static Path adapters() {
        return current().folder.resolve("adapters");
    }

    private static Running current() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("the test class does not extend with SampleFleet");
        }
        return now;
    }

    private static Running start() {
        try {
            Path folder = Files.createTempDirectory("weft-system-tests");
            Path adapters = Files.createDirectories(folder.resolve("adapters"));
            return new Running(
                    Fleet.start(
                            Sample.deploymentFile(),
                            folder.resolve("data"),
                            "weft.catalog.file-roots=" + adapters),
                    folder);
        } catch (Exception e) {
            throw new IllegalStateException("the fleet did not start", e);
        }
    }
}
