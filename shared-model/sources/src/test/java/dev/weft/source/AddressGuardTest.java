package dev.weft.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.repository.AddressRange;
import dev.weft.protocol.repository.HostPattern;
import dev.weft.source.FileServerFake.Fault;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import dev.weft.source.http.AddressRules;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the addresses that a registration may make this machine connect to. */
class AddressGuardTest extends UrlTest {
    private static final String ARCHIVE = "/a.tar.gz";

    @BeforeEach
    void fill() {
        server.file(ARCHIVE, new Tar().file(CONFIG, "{}").file(WEIGHTS, weights).bytes());
    }

    @Test
    void refusesHostsThatAreNotAllowed() {
        SourceException e =
                fails(
                        TestSourceOptions.urls("files.example.com", "*.example.org"),
                        ref("https://evil.example.net/a.tar.gz", null));

        assertThat(e.fault()).isEqualTo(SourceFault.NOT_ALLOWED);
        assertThat(e)
                .hasMessageContaining("host 'evil.example.net' (port 443) is not allowed")
                .hasMessageContaining("files.example.com, *.example.org")
                .hasMessageContaining("weft.sources.allowed-hosts");
    }

    @Test
    void refusesLoopbackAlthoughEveryHostIsAllowed() {
        SourceException e = fails(TestSourceOptions.urls("*"), ref(server.url(ARCHIVE), null));

        assertThat(e.fault()).isEqualTo(SourceFault.NOT_ALLOWED);
        assertThat(e)
                .hasMessageContaining("host '127.0.0.1' is at 127.0.0.1")
                .hasMessageContaining("weft.sources.allowed-addresses");
        assertThat(server.seen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data/a.tar.gz",
                "http://[::1]/a.tar.gz",
                "http://[::ffff:127.0.0.1]/a.tar.gz",
                "http://[64:ff9b::a9fe:a9fe]/a.tar.gz",
                "http://[2002:7f00:1::]/a.tar.gz",
                "http://[fe80::1]/a.tar.gz",
                "http://[fd00:ec2::254]/a.tar.gz",
                "http://10.1.2.3/a.tar.gz",
                "http://172.31.255.1/a.tar.gz",
                "http://192.168.0.1/a.tar.gz",
                "http://100.100.100.200/a.tar.gz",
                "http://0.0.0.0/a.tar.gz",
                "http://255.255.255.255/a.tar.gz",
                "http://224.0.0.1/a.tar.gz",
                "http://2130706433/a.tar.gz",
                "http://0x7f.0.0.1/a.tar.gz",
                "http://127.1/a.tar.gz",
                "http://localhost/a.tar.gz"
            })
    void refusesAddressesThatAreNotPublicHoweverTheyAreWritten(String url) {
        SourceException e = fails(TestSourceOptions.urls("*"), ref(url, null));

        assertThat(e.fault()).isNotEqualTo(SourceFault.TIMEOUT);
        assertThat(e.fault())
                .as(e.getMessage())
                .isIn(SourceFault.NOT_ALLOWED, SourceFault.UNREACHABLE);
        if (e.fault() == SourceFault.UNREACHABLE) {
            assertThat(e).as("never resolved").hasMessageContaining(ref(url, null).toString());
            assertThat(e).hasRootCauseInstanceOf(java.net.UnknownHostException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data/iam",
                "http://localhost/x",
                "http://[::1]:80/x",
                "//10.0.0.1/x"
            })
    void refusesRedirectsThere(String location) {
        server.fail(ARCHIVE, new Fault.RedirectTo(location));

        SourceException e =
                fails(TestSourceOptions.urls("127.0.0.1", "*"), ref(server.url(ARCHIVE), null));

        assertThat(e.fault()).isEqualTo(SourceFault.NOT_ALLOWED);
        assertThat(e).hasMessageContaining("is at").hasMessageContaining("not a public address");
        assertThat(server.seen()).hasSize(1);
    }

    @Test
    void refusesARedirectOfTheHubToTheMetadataService() throws Exception {
        try (HubFake hub = new HubFake()) {
            hub.fail("/revision/main", new HubFake.Fault.RedirectTo("http://169.254.169.254/x"));

            SourceException e =
                    fails(
                            TestSourceOptions.of(hub.address(), java.util.Map.of()),
                            HubTest.ref("main"));

            assertThat(e.fault()).isEqualTo(SourceFault.NOT_ALLOWED);
            assertThat(e).hasMessageContaining("169.254.169.254");
        }
    }

    @Test
    void refusesARedirectToAHostThatIsNotAllowed() {
        server.fail(ARCHIVE, new Fault.RedirectTo("https://evil.example.net/a.tar.gz"));

        assertThat(fails(ARCHIVE)).hasMessageContaining("host 'evil.example.net'");
    }

    @Test
    void allowsAddressesOfARangeOfTheOperator() throws Exception {
        SourceOptions any = TestSourceOptions.urls("*");
        SourceOptions settings =
                new SourceOptions(
                        any.hubEndpoint(),
                        new AddressRules(
                                List.of(),
                                any.rules().hosts(),
                                List.of(AddressRange.of("127.0.0.0/8"))),
                        any.credentials(),
                        any.stores(),
                        any.http(),
                        any.attempts());

        assertThat(fetch(settings, ref(server.url(ARCHIVE), null)).files()).hasSize(2);
    }

    @Test
    void allowsWhatTheDeploymentFileNamesAtItsOwnPortOnly() throws Exception {
        try (FileServerFake other = new FileServerFake()) {
            SourceOptions any = TestSourceOptions.urls("*");
            SourceOptions settings =
                    new SourceOptions(
                            any.hubEndpoint(),
                            new AddressRules(
                                    List.of(HostPattern.of(server.host())),
                                    any.rules().hosts(),
                                    List.of()),
                            any.credentials(),
                            any.stores(),
                            any.http(),
                            any.attempts());

            assertThat(fetch(settings, ref(server.url(ARCHIVE), null)).files()).hasSize(2);
            assertThat(fails(settings, ref(other.url(ARCHIVE), null)).fault())
                    .isEqualTo(SourceFault.NOT_ALLOWED);
            assertThat(other.seen()).isEmpty();
        }
    }

    @Test
    void allowsAnAddressThatIsWrittenOutAndItsRedirects() throws Exception {
        server.fail(ARCHIVE, new Fault.RedirectTo("/b.tar.gz"));
        server.file("/b.tar.gz", new Tar().file(CONFIG, "{}").bytes());

        assertThat(fetch(ARCHIVE).files()).containsExactly(CONFIG);
    }
}
