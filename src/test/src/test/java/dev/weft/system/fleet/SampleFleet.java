package dev.weft.system.fleet;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * One fleet that serves the bundled sample, for all tests of a run. The first test that asks starts
 * it; it is closed after the last one. FILE sources of the admin API may lie in {@link
 * #adapters()}.
 */
public final class SampleFleet implements BeforeAllCallback {
    private static final Namespace HERE = Namespace.create(SampleFleet.class);

    private static volatile @Nullable FleetInFolder running;

    @Override
    public void beforeAll(ExtensionContext context) {
        running =
                context.getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, HERE)
                        .computeIfAbsent(FleetInFolder.class, _ -> start(), FleetInFolder.class);
    }

    public static RunningFleet fleet() {
        return current().fleet();
    }

    /** A folder from which adapters may be registered. */
    public static Path adapters() {
        return current().folder().resolve("adapters");
    }

    private static FleetInFolder current() {
        FleetInFolder now = running;
        if (now == null) {
            throw new IllegalStateException("the test class does not extend with SampleFleet");
        }
        return now;
    }

    private static FleetInFolder start() {
        try {
            Path folder = Files.createTempDirectory("weft-system-tests");
            Path adapters = Files.createDirectories(folder.resolve("adapters"));
            return new FleetInFolder(
                    RunningFleet.start(
                            Sample.deploymentFile(),
                            folder.resolve("data"),
                            "weft.catalog.file-roots=" + adapters),
                    folder);
        } catch (Exception e) {
            throw new IllegalStateException("the fleet did not start", e);
        }
    }
}
