package dev.weft.standalone.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.access.tls.ServiceTls;
import dev.weft.deployment.DeploymentFile;
import dev.weft.deployment.Fleet;
import dev.weft.gateway.settings.DiscoverySettings;
import dev.weft.service.ServiceName;
import dev.weft.service.settings.AddressSettings;
import dev.weft.standalone.failure.CommandException;
import java.io.IOException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class StartupTest {
    private static final URI CATALOG = URI.create("http://127.0.0.1:1001");
    private static final URI WORKER = URI.create("http://127.0.0.1:1002");
    private static final URI GATEWAY = URI.create("http://127.0.0.1:1003");

    @TempDir Path folder;
    private final Running running = new Running(Duration.ofMinutes(1));
    private final AtomicInteger closed = new AtomicInteger();

    /** Services at fixed addresses. */
    private class Standing implements Services {
        @Override
        public RunningService catalog() {
            return new RunningService(ServiceName.catalog, CATALOG, closed::incrementAndGet);
        }

        @Override
        public int workers() {
            return 1;
        }

        @Override
        public RunningService worker(int number, URI catalog) {
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
        Fleet fleet = Fleet.of(DeploymentFile.read(file, List.of(settings)));
        return new Addresses(
                fleet.settings(AddressSettings.class),
                fleet.settings(DiscoverySettings.class).looks(),
                new FleetWorkers(fleet).ports(),
                ServiceTls.OFF);
    }

    @Test
    void servicesWithFixedPortsStartSideBySide() throws Exception {
        var all = new CountDownLatch(3);
        var services =
                new Standing() {
                    private void meet() {
                        all.countDown();
                        try {
                            assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
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
                    public int workers() {
                        return 1;
                    }

                    @Override
                    public RunningService worker(int number, URI catalog) {
                        assertThat(catalog).hasPort(8081);
                        meet();
                        return super.worker(number, catalog);
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
        assertThat(new Startup(services, addresses, running).all().workers().getFirst().address())
                .isEqualTo(WORKER);
    }

    @Test
    void aGatewayThatLooksForWorkersIsGivenNone() throws Exception {
        assertThat(addresses("weft.gateway.discovery.catalog=true").workers()).contains(List.of());
        assertThat(
                        addresses(
                                        "weft.gateway.discovery.catalog=true",
                                        "weft.gateway.workers=http://10.0.0.1:1")
                                .workers())
                .contains(List.of(URI.create("http://10.0.0.1:1")));
        assertThat(addresses().workers()).contains(List.of(URI.create("http://127.0.0.1:8082")));
    }

    private static Services failing(RuntimeException failure) {
        return new Services() {
            @Override
            public RunningService catalog() {
                throw failure;
            }

            @Override
            public int workers() {
                return 1;
            }

            @Override
            public RunningService worker(int number, URI catalog) {
                throw failure;
            }

            @Override
            public RunningService gateway(List<URI> workers, URI catalog) {
                throw failure;
            }
        };
    }

    private void assertFails(RuntimeException failure, String message) throws Exception {
        Addresses addresses = addresses("weft.catalog.port=0");
        assertThatThrownBy(() -> new Startup(failing(failure), addresses, running).all())
                .isInstanceOf(CommandException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Address already in use",
                "bind(..) failed with error(-98): Address already in use",
                "Port 8081 is already in use"
            })
    void aPortThatIsTakenIsNamedWithItsKey(String message) throws Exception {
        assertFails(
                new IllegalStateException("failed to start bean", new IOException(message)),
                "the catalog can't listen, its port is taken: --set weft.catalog.port=PORT names"
                        + " another one ("
                        + message
                        + ")");
    }

    @Test
    void aServiceThatDoesNotStartSaysWhy() throws Exception {
        assertFails(
                new IllegalStateException("the catalog can't start: the disk is full"),
                "the catalog can't start: the disk is full");
        assertFails(
                new IllegalStateException("no bean", new IOException("the disk is full")),
                "the catalog did not start: no bean: the disk is full");
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
