package dev.weft.standalone.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.model.deployment.DeploymentFile;
import dev.weft.standalone.CommandException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class StartupTest {
    private static final URI CATALOG = URI.create("http://127.0.0.1:1001");
    private static final URI WORKER = URI.create("http://127.0.0.1:1002");
    private static final URI GATEWAY = URI.create("http://127.0.0.1:1003");

    @TempDir Path folder;
    private final Running running = new Running(Duration.ofSeconds(10));
    private final AtomicInteger closed = new AtomicInteger();

    /** Services that stand at fixed addresses. */
    private class Standing implements Services {
        @Override
        public RunningService catalog() {
            return new RunningService(ServiceName.catalog, CATALOG, closed::incrementAndGet);
        }

        @Override
        public RunningService worker(URI catalog) {
            return new RunningService(ServiceName.worker, WORKER, closed::incrementAndGet);
        }

        @Override
        public RunningService gateway(List<URI> workers, URI catalog) {
            return new RunningService(ServiceName.gateway, GATEWAY, closed::incrementAndGet);
        }
    }

    private Addresses addresses(String... settings) throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("d.yaml"),
                        "model_name: m\ntrt_llm: {build: {checkpoint_repository: {repo: o/m}}}\n");
        return new Addresses(DeploymentFile.read(file, List.of(settings)).weft());
    }

    @Test
    void servicesWithFixedPortsStartSideBySide() throws Exception {
        var all = new CountDownLatch(3);
        var services =
                new Standing() {
                    private void meet() {
                        all.countDown();
                        try {
                            assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }

                    @Override
                    public RunningService catalog() {
                        meet();
                        return super.catalog();
                    }

                    @Override
                    public RunningService worker(URI catalog) {
                        assertThat(catalog).hasPort(8081);
                        meet();
                        return super.worker(catalog);
                    }

                    @Override
                    public RunningService gateway(List<URI> workers, URI catalog) {
                        assertThat(workers).containsExactly(URI.create("http://127.0.0.1:8082"));
                        meet();
                        return super.gateway(workers, catalog);
                    }
                };
        assertThat(new Startup(services, addresses(), running).all().gateway().address())
                .isEqualTo(GATEWAY);
        running.close();
        assertThat(closed).hasValue(3);
    }

    @Test
    void aServiceWaitsForTheAddressOfOneThatPicksItsOwnPort() throws Exception {
        var services =
                new Standing() {
                    @Override
                    public RunningService gateway(List<URI> workers, URI catalog) {
                        assertThat(workers).containsExactly(WORKER);
                        assertThat(catalog).isEqualTo(CATALOG);
                        return super.gateway(workers, catalog);
                    }
                };
        var addresses =
                addresses("weft.catalog.port=0", "weft.inference.port=0", "weft.gateway.port=0");
        assertThat(new Startup(services, addresses, running).all().worker().address())
                .isEqualTo(WORKER);
    }

    @Test
    void aPortThatIsTakenIsNamedWithItsKey() throws Exception {
        var services =
                new Standing() {
                    @Override
                    public RunningService worker(URI catalog) {
                        throw new IllegalStateException(new BindException("Address in use"));
                    }
                };
        assertThatThrownBy(() -> new Startup(services, addresses(), running).all())
                .isInstanceOf(CommandException.class)
                .hasMessage(
                        "the worker can't listen (Address in use): --set weft.inference.port=PORT"
                                + " names another port");
    }

    @Test
    void aServiceThatDoesNotStartSaysWhy() throws Exception {
        var services =
                new Standing() {
                    @Override
                    public RunningService catalog() {
                        throw new IllegalStateException("the disk is full");
                    }
                };
        assertThatThrownBy(() ->
                        new Startup(services, addresses("weft.catalog.port=0"), running).all())
                .isInstanceOf(CommandException.class)
                .hasMessage("the catalog did not start: the disk is full");
    }

    @Test
    void whatStartsAfterTheEndIsClosedAtOnce() {
        running.close();
        running.add(new Standing().catalog());
        assertThat(closed).hasValue(1);
    }

    @Test
    void aServiceThatHangsIsLeftBehind() {
        var hasty = new Running(Duration.ofMillis(50));
        var never = new CountDownLatch(1);
        hasty.add(
                new RunningService(
                        ServiceName.worker,
                        WORKER,
                        () -> {
                            try {
                                never.await();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        }));
        hasty.add(new Standing().gateway(List.of(), CATALOG));
        hasty.close();
        assertThat(never.getCount()).isEqualTo(1);
    }
}
