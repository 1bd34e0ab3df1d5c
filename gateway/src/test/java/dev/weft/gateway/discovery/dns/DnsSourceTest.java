package dev.weft.gateway.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.gateway.discovery.dns.DnsServer.Mood;
import dev.weft.gateway.discovery.source.SourceRecorder;
import dev.weft.gateway.discovery.source.SourceRecorder.News;
import dev.weft.gateway.discovery.source.WorkerSource;
import dev.weft.gateway.settings.DiscoverySettings;
import dev.weft.protocol.loop.Loops;
import dev.weft.protocol.repository.AddressRange;
import io.netty.handler.codec.dns.DnsRecordType;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Workers by DNS, before a name server that speaks the protocol. */
class DnsSourceTest {
    private static final String HOST = "workers.example";
    private static final String SERVICE = "_http._tcp.workers.example";
    private static final Duration RARELY = Duration.ofMinutes(10);
    private static final Duration OFTEN = Duration.ofSeconds(1);
    private static final List<String> ANYWHERE = List.of("0.0.0.0/0", "::/0");

    private final DnsServer server = new DnsServer();
    private final SourceRecorder told = new SourceRecorder();
    private List<WorkerSource> sources = List.of();

    DnsSourceTest() throws InterruptedException {}

    @AfterEach
    void close() {
        sources.forEach(WorkerSource::close);
        server.close();
    }

    private void look(
            List<URI> dns,
            List<String> srv,
            List<String> servers,
            Duration refresh,
            List<String> networks) {
        sources =
                DnsSources.of(
                        new DiscoverySettings(
                                dns,
                                srv,
                                servers,
                                refresh,
                                null,
                                networks.stream().map(AddressRange::of).toList(),
                                64,
                                false,
                                DiscoverySettings.Kubernetes.NONE),
                        "http",
                        new Loops());
        sources.forEach(source -> source.start(told));
    }

    private void lookForHosts(Duration refresh) {
        look(
                List.of(URI.create("http://" + HOST + ":8082")),
                List.of(),
                List.of(server.address()),
                refresh,
                ANYWHERE);
    }

    private void lookForServices(Duration refresh) {
        look(List.of(), List.of(SERVICE), List.of(server.address()), refresh, ANYWHERE);
    }

    @Test
    void eachAddressOfBothFamiliesIsAWorker() throws Exception {
        server.has(HOST, 60, "10.0.0.1", "10.0.0.2").has(HOST, 60, "fd00::1");
        lookForHosts(RARELY);
        told.awaitWorkers(
                "http://10.0.0.1:8082", "http://10.0.0.2:8082", "http://[fd00:0:0:0:0:0:0:1]:8082");
    }

    @Test
    void looksAgainOnceTheTimeToLiveHasEndedAndNotBefore() throws Exception {
        server.has(HOST, 1, "10.0.0.1");
        lookForHosts(RARELY);
        told.awaitWorkers("http://10.0.0.1:8082");
        server.has(HOST, 600, "10.0.0.2");
        told.awaitWorkers("http://10.0.0.2:8082");
        int asked = server.questions();
        server.has(HOST, 600, "10.0.0.3");
        Thread.sleep(1_500);
        assertThat(server.questions()).isEqualTo(asked);
    }

    @Test
    void looksAgainAfterTheLongestTimeThatIsSetWhateverTheTimeToLive() throws Exception {
        server.has(HOST, 86_400, "10.0.0.1");
        lookForHosts(OFTEN);
        told.awaitWorkers("http://10.0.0.1:8082");
        server.has(HOST, 86_400, "10.0.0.2", "10.0.0.3");
        told.awaitWorkers("http://10.0.0.2:8082", "http://10.0.0.3:8082");
    }

    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            names = {"FAILS", "SAYS_NOTHING"})
    void aServerThatIsAwayTakesNobodyOffTheList(Mood mood) throws Exception {
        server.has(HOST, 1, "10.0.0.1");
        lookForHosts(OFTEN);
        told.awaitWorkers("http://10.0.0.1:8082");
        server.is(mood);
        News away = told.await(news -> !news.problem().isEmpty());
        assertThat(away.workers()).containsExactly("http://10.0.0.1:8082");
        assertThat(away.problem()).startsWith(HOST + " (A): ").contains(HOST + " (AAAA): ");
        assertThat(told.next()).as("the text of a failure that lasts").isEqualTo(away);
        server.is(Mood.ANSWERS);
        server.has(HOST, 1, "10.0.0.2");
        told.awaitWorkers("http://10.0.0.2:8082");
    }

    @Test
    void aNameThatIsGoneTakesNobodyOffTheList() throws Exception {
        server.has(HOST, 1, "10.0.0.1");
        lookForHosts(OFTEN);
        told.awaitWorkers("http://10.0.0.1:8082");
        server.forgets();
        assertThat(told.await(news -> !news.problem().isEmpty()))
                .isEqualTo(
                        new News(
                                List.of("http://10.0.0.1:8082"),
                                HOST + ": no address that is allowed"));
    }

    @Test
    void aFamilyThatDoesNotAnswerKeepsItsAddresses() throws Exception {
        server.has(HOST, 1, "10.0.0.1").has(HOST, 1, "fd00::1");
        lookForHosts(OFTEN);
        told.awaitWorkers("http://10.0.0.1:8082", "http://[fd00:0:0:0:0:0:0:1]:8082");
        server.is(Mood.FAILS, HOST, DnsRecordType.AAAA);
        server.has(HOST, 1, "10.0.0.2");
        assertThat(told.await(news -> news.workers().contains("http://10.0.0.2:8082")).workers())
                .containsExactly("http://10.0.0.2:8082", "http://[fd00:0:0:0:0:0:0:1]:8082");
    }

    @Test
    void anAnswerThatIsCutOffIsAskedForOverTcp() throws Exception {
        String[] many =
                IntStream.rangeClosed(1, 60).mapToObj(i -> "10.0.0." + i).toArray(String[]::new);
        server.has(HOST, 60, many);
        server.is(Mood.CUTS_OFF);
        lookForHosts(RARELY);
        assertThat(told.await(news -> !news.workers().isEmpty()).workers()).hasSize(60);
        assertThat(server.overTcp()).isPositive();
    }

    @Test
    void addressesOfThisMachineAndItsLinkAreNoWorkersUnlessTheyAreAllowed() throws Exception {
        server.has(HOST, 60, "127.0.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1", "10.0.0.1");
        look(
                List.of(URI.create("http://" + HOST + ":8082")),
                List.of(),
                List.of(server.address()),
                RARELY,
                List.of());
        News found = told.next();
        assertThat(found.workers()).containsExactly("http://10.0.0.1:8082");
        assertThat(found.problem())
                .contains(
                        HOST
                                + ": 169.254.169.254 does not lie in"
                                + " weft.gateway.discovery.networks");
    }

    @Test
    void theNextNameServerIsAskedIfOneSaysNothing() throws Exception {
        server.has(HOST, 60, "10.0.0.1").has(HOST, 60, "fd00::1");
        try (DnsServer silent = new DnsServer()) {
            silent.is(Mood.SAYS_NOTHING);
            look(
                    List.of(URI.create("http://" + HOST + ":8082")),
                    List.of(),
                    List.of(silent.address(), server.address()),
                    RARELY,
                    ANYWHERE);
            told.awaitWorkers("http://10.0.0.1:8082", "http://[fd00:0:0:0:0:0:0:1]:8082");
        }
    }

    @Test
    void targetsOfTheFirstPriorityAreWorkersAtTheirPorts() throws Exception {
        server.leads(
                        SERVICE,
                        60,
                        "10 9001 one.example",
                        "10 9002 two.example",
                        "20 9003 spare.example")
                .has("one.example", 60, "10.0.0.1")
                .has("two.example", 60, "10.0.0.2", "10.0.0.3")
                .has("spare.example", 60, "10.0.0.4");
        lookForServices(RARELY);
        told.awaitWorkers("http://10.0.0.1:9001", "http://10.0.0.2:9002", "http://10.0.0.3:9002");
    }

    @Test
    void aTargetThatIsNamedNoLongerGoesAndOneThatIsNotFoundStays() throws Exception {
        server.leads(SERVICE, 1, "0 9001 one.example", "0 9002 two.example")
                .has("one.example", 1, "10.0.0.1")
                .has("two.example", 1, "10.0.0.2");
        lookForServices(OFTEN);
        told.awaitWorkers("http://10.0.0.1:9001", "http://10.0.0.2:9002");
        server.is(Mood.FAILS, "two.example", DnsRecordType.A);
        server.leads(SERVICE, 1, "0 9002 two.example");
        News fewer = told.await(news -> news.workers().size() == 1);
        assertThat(fewer.workers()).containsExactly("http://10.0.0.2:9002");
        assertThat(fewer.problem()).contains("two.example (A)");
    }

    @Test
    void recordsThatSayThatThereIsNoServiceOrAreMalformedTakeNobodyOffTheList() throws Exception {
        server.leads(SERVICE, 1, "0 9001 one.example").has("one.example", 60, "10.0.0.1");
        lookForServices(OFTEN);
        told.awaitWorkers("http://10.0.0.1:9001");
        server.leads(SERVICE, 1, "0 0 .");
        assertThat(told.await(news -> !news.problem().isEmpty()))
                .isEqualTo(new News(List.of("http://10.0.0.1:9001"), SERVICE + ": no target"));
        server.hasNonsense(SERVICE, DnsRecordType.SRV);
        assertThat(told.await(news -> news.problem().contains("malformed")))
                .isEqualTo(
                        new News(
                                List.of("http://10.0.0.1:9001"),
                                SERVICE + " (SRV): a malformed record"));
    }

    @Test
    void aNameThatIsNoneOfDnsDoesNotKeepOthersFromBeingFound() throws Exception {
        server.has(HOST, 60, "10.0.0.1").has(HOST, 60, "fd00::1");
        look(
                List.of(
                        URI.create("http://[fd00::9]:8082"),
                        URI.create("http://" + "a".repeat(70) + ".example:8082"),
                        URI.create("http://" + HOST + ":8082")),
                List.of(),
                List.of(server.address()),
                RARELY,
                ANYWHERE);
        News found = told.next();
        assertThat(found.workers())
                .containsExactly("http://10.0.0.1:8082", "http://[fd00:0:0:0:0:0:0:1]:8082");
        assertThat(found.problem())
                .contains("[fd00::9]: no address", "aaa.example (A): no name of DNS");
    }

    @Test
    void readsAddressesOfNameServers() {
        assertThat(DnsSources.server("10.0.0.10").toString()).isEqualTo("/10.0.0.10:53");
        assertThat(DnsSources.server("10.0.0.10:5353").getPort()).isEqualTo(5353);
        assertThat(DnsSources.server("[fd00::10]:54").getPort()).isEqualTo(54);
        assertThat(DnsSources.server("[fd00::10]").getPort()).isEqualTo(53);
    }
}
