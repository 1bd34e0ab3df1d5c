package dev.weft.system.agent;

import dev.weft.system.fleet.FleetInFolder;
import dev.weft.system.fleet.RunningFleet;
import dev.weft.system.fleet.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private static volatile @Nullable FleetInFolder running;

    @Override
    public void beforeAll(ExtensionContext context) {
        running =
                context.getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, HERE)
                        .computeIfAbsent(FleetInFolder.class, _ -> start(), FleetInFolder.class);
    }

    static RunningFleet fleet() {
        FleetInFolder now = running;
        if (now == null) {
            throw new IllegalStateException("the test class does not extend with AgentFleet");
        }
        return now.fleet();
    }

    private static FleetInFolder start() {
        try {
            Path folder = Files.createTempDirectory("weft-agent-tests");
            return new FleetInFolder(
                    RunningFleet.start(Sample.deploymentFileWithTools(), folder.resolve("data")),
                    folder);
        } catch (Exception e) {
            throw new IllegalStateException("the fleet did not start", e);
        }
    }
}
