package dev.weft.access;

import java.security.cert.X509Certificate;
import java.util.Optional;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.security.web.authentication.preauth.x509.SubjectX500PrincipalExtractor;

/**
 * Whom a client's certificate is for. A listener takes those only that the deployment's own
 * authority has signed ({@code weft.tls.trust}), and that one signs those of services.
 */
final class Certificates {
    private static final SubjectX500PrincipalExtractor NAME = new SubjectX500PrincipalExtractor();

    private Certificates() {}

    /** A service; empty without a certificate. */
    static Optional<Holder> holder(ServerHttpRequest request) {
        SslInfo ssl = request.getSslInfo();
        X509Certificate[] chain = ssl == null ? null : ssl.getPeerCertificates();
        return chain == null || chain.length == 0
                ? Optional.empty()
                : Optional.of(
                        new Holder(
                                String.valueOf(NAME.extractPrincipal(chain[0])),
                                Role.service,
                                null));
    }
}
