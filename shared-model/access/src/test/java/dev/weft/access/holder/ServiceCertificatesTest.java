package dev.weft.access.holder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.tls.TestAuthority;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.server.reactive.SslInfo;

class ServiceCertificatesTest {
    @TempDir private static Path folder;
    private static TestAuthority authority;

    @BeforeAll
    static void issue() throws Exception {
        authority = new TestAuthority(folder);
        authority.issue("one", "dns:gateway.weft.svc,uri:spiffe://example.com/weft/gateway");
        authority.issue("two.weft.svc", "ip:127.0.0.1");
        authority.issueEnded("three", "dns:gateway.weft.svc");
    }

    @Test
    void aNameOfThreeKindsStandsForAService() throws Exception {
        X509Certificate one = authority.issued("one");
        assertThat(holder("gateway.weft.svc", one)).isPresent();
        assertThat(holder("Gateway.Weft.SVC", one)).isPresent();
        assertThat(holder("spiffe://example.com/weft/gateway", one)).isPresent();
        assertThat(holder("*.weft.svc", one))
                .contains(
                        new Holder(
                                "gateway.weft.svc",
                                Role.service,
                                null,
                                one.getNotAfter().toInstant()));
        assertThat(holder("*.weft.svc", authority.issued("two.weft.svc")))
                .map(Holder::name)
                .contains("two.weft.svc");
    }

    @Test
    void anotherNameStandsForNobody() throws Exception {
        X509Certificate one = authority.issued("one");
        for (String name :
                List.of(
                        "weft.svc",
                        "svc",
                        "*.gateway.weft.svc",
                        "xgateway.weft.svc",
                        "spiffe://example.com/weft",
                        "127.0.0.1")) {
            assertThat(holder(name, one)).as(name).isEmpty();
        }
        assertThat(new ServiceCertificates(List.of()).holder(connection(one))).isEmpty();
    }

    @Test
    void whoShowsNoneOrOneThatHasEndedIsNobody() throws Exception {
        ServiceCertificates certificates = new ServiceCertificates(List.of("gateway.weft.svc"));
        assertThat(certificates.holder(null)).isEmpty();
        assertThat(certificates.holder(connection())).isEmpty();
        assertThat(certificates.holder(connection(authority.issued("three")))).isEmpty();
    }

    private static Optional<Holder> holder(String name, X509Certificate certificate) {
        return new ServiceCertificates(List.of(name)).holder(connection(certificate));
    }

    private static SslInfo connection(X509Certificate... chain) {
        return new SslInfo() {
            @Override
            public @Nullable String getSessionId() {
                return null;
            }

            @Override
            public X509Certificate @Nullable [] getPeerCertificates() {
                return chain;
            }
        };
    }
}
