package dev.weft.access.holder;

import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.SslInfo;

/**
 * Says which certificates belong to services. The handshake has already checked who signed them.
 * Any thread.
 *
 * @param names DNS names, addresses or common names; {@code *.} and a name means all below it
 */
public record ServiceCertificates(List<String> names) {
    /** Types of names in RFC 5280, section 4.2.1.6. */
    private static final Set<Integer> DNS_NAME_OR_ADDRESS = Set.of(2, 6);

    public ServiceCertificates {
        names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    /**
     * The service that a connection's certificate stands for; empty if the peer showed no
     * certificate of a service.
     */
    public Optional<Holder> holder(@Nullable SslInfo connection) {
        X509Certificate[] chain =
                connection == null || names.isEmpty() ? null : connection.getPeerCertificates();
        if (chain == null || chain.length == 0 || !isValid(chain[0])) {
            return Optional.empty();
        }
        return namesOf(chain[0]).stream()
                .filter(this::isService)
                .findFirst()
                .map(name ->
                        new Holder(name, Role.service, null, chain[0].getNotAfter().toInstant()));
    }

    /** A connection may outlive its certificate. */
    private static boolean isValid(X509Certificate certificate) {
        try {
            certificate.checkValidity();
            return true;
        } catch (CertificateException _) {
            return false;
        }
    }

    private boolean isService(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return names.stream()
                .anyMatch(known ->
                        known.startsWith("*.")
                                ? lower.endsWith(known.substring(1))
                                : lower.equals(known));
    }

    private static List<String> namesOf(X509Certificate certificate) {
        List<String> found = new ArrayList<>();
        try {
            Collection<List<?>> others = certificate.getSubjectAlternativeNames();
            for (List<?> other : others == null ? List.<List<?>>of() : others) {
                if (DNS_NAME_OR_ADDRESS.contains((Integer) other.get(0))) {
                    found.add((String) other.get(1));
                }
            }
            for (Rdn part :
                    new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    found.add(String.valueOf(part.getValue()));
                }
            }
        } catch (CertificateParsingException | InvalidNameException _) {
            return List.of();
        }
        return found;
    }
}
