package dev.weft.gateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.tls.ServiceTls;
import dev.weft.gateway.discovery.source.FoundAddresses;
import dev.weft.gateway.discovery.source.SourceListener;
import dev.weft.gateway.discovery.source.SourceName;
import dev.weft.gateway.discovery.source.SourceRecorder;
import dev.weft.gateway.discovery.source.WorkerSource;
import dev.weft.gateway.worker.ListedWorker;
import dev.weft.gateway.worker.WorkerPool;
import dev.weft.gateway.worker.WorkerSnapshot;
import dev.weft.protocol.loop.Loops;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** One list of what several sources know. */
class DiscoveryTest {
    /** Tells what a test has it tell. */
    private static final class FakeSource implements WorkerSource {
        private final SourceName name;
        private SourceListener listener = new SourceRecorder();

        FakeSource(SourceName name) {
            this.name = name;
        }

        @Override
        public SourceName name() {
            return name;
        }

        @Override
        public void start(SourceListener listener) {
            this.listener = listener;
        }

        void tells(String... workers) {
            listener.found(Stream.of(workers).map(FakeSource::worker).toList(), List.of());
        }

        private static ListedWorker worker(String text) {
            return new ListedWorker(
                    URI.create(text.replace(" drains", "")), text.endsWith(" drains"));
        }

        @Override
        public void close() {}
    }

    @AutoClose private final WorkerPool pool = new WorkerPool(null, new Loops(), ServiceTls.OFF);
    private final FakeSource dns = new FakeSource(SourceName.DNS);
    private final FakeSource srv = new FakeSource(SourceName.SRV);

    private Discovery start(int most, String... fixed) {
        Discovery discovery =
                new Discovery(
                        List.of(
                                new FixedWorkers(Stream.of(fixed).map(URI::create).toList()),
                                dns,
                                srv),
                        pool,
                        most);
        discovery.start();
        return discovery;
    }

    private List<String> listed() {
        return pool.snapshot().stream()
                .map(WorkerSnapshot::address)
                .map(URI::toString)
                .sorted()
                .toList();
    }

    @Test
    void aWorkerThatSeveralSourcesKnowIsOneWorkerUntilAllHaveForgottenIt() {
        start(10, "http://10.0.0.1", "http://b.example:8082");
        dns.tells("http://10.0.0.1:80", "http://10.0.0.2:8082");
        srv.tells("http://10.0.0.2:8082", "HTTP://B.example:8082");
        assertThat(listed())
                .containsExactly(
                        "http://10.0.0.1", "http://10.0.0.2:8082", "http://b.example:8082");
        dns.tells();
        srv.tells();
        assertThat(listed()).containsExactly("http://10.0.0.1", "http://b.example:8082");
    }

    @Test
    void oneAddressOfIpv6IsOneWorkerHoweverItIsSpelled() {
        start(10, "http://[fd00::1]:8082");
        dns.tells("http://[fd00:0:0:0:0:0:0:1]:8082");
        assertThat(listed()).containsExactly("http://[fd00::1]:8082");
    }

    @Test
    void aSourceThatFailsTakesNobodyOffTheListAndSaysSo() {
        Discovery discovery = start(10);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        new DiscoveryMetrics(registry, discovery);
        dns.tells("http://10.0.0.1:8082");
        dns.listener.failed("no answer in time");
        dns.listener.failed("no answer in time");
        assertThat(listed()).containsExactly("http://10.0.0.1:8082");
        assertThat(discovery.described())
                .containsEntry("dns", "1 workers, of before; now no answer in time")
                .containsEntry("srv", "0 workers");
        assertThat(
                        registry.get("weft.gateway.discovery.failures")
                                .tag("source", "dns")
                                .functionCounter()
                                .count())
                .isEqualTo(2);
        assertThat(registry.get("weft.gateway.discovery.workers").tag("source", "dns").gauge())
                .returns(1.0, gauge -> gauge.value());
        dns.tells("http://10.0.0.2:8082");
        assertThat(discovery.described()).containsEntry("dns", "1 workers");
        assertThat(listed()).containsExactly("http://10.0.0.2:8082");
    }

    @Test
    void ofManyProblemsAFewAreTold() {
        Discovery discovery = start(10);
        dns.listener.found(List.of(), List.of("a", "b", "c", "d", "e", "f", "g"));
        assertThat(discovery.described())
                .containsEntry("dns", "0 workers, of before; now a; b; c; d; e; and 2 more");
    }

    @Test
    void thoseThatAreKnownStayIfThereAreTooMany() {
        Discovery discovery = start(3, "http://10.0.0.9:1");
        srv.tells("http://10.0.0.5:1", "http://10.0.0.6:1");
        dns.tells("http://10.0.0.1:1", "http://10.0.0.2:1", "http://10.0.0.3:1");
        assertThat(listed())
                .containsExactly("http://10.0.0.5:1", "http://10.0.0.6:1", "http://10.0.0.9:1");
        assertThat(discovery.leftOut()).isEqualTo(3);
        srv.tells("http://10.0.0.5:1");
        assertThat(listed())
                .containsExactly("http://10.0.0.1:1", "http://10.0.0.5:1", "http://10.0.0.9:1");
        dns.tells();
        assertThat(discovery.leftOut()).isZero();
    }

    @Test
    void admitsNoAddressOfThisMachineUnlessItIsAllowed() {
        FoundAddresses open = new FoundAddresses(List.of());
        for (String no :
                List.of(
                        "127.0.0.1",
                        "::1",
                        "169.254.169.254",
                        "fe80::1",
                        "0.0.0.0",
                        "::",
                        "224.0.0.1",
                        "::ffff:127.0.0.1")) {
            assertThat(open.admits(InetAddress.ofLiteral(no))).as(no).isFalse();
        }
        assertThat(open.admits(InetAddress.ofLiteral("10.1.2.3"))).isTrue();
        assertThat(open.admits(InetAddress.ofLiteral("fd00::1"))).isTrue();
    }
}
