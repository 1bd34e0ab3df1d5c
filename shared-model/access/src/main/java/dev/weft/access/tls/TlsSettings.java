package dev.weft.access.tls;

import dev.weft.settings.Allowed;
import dev.weft.settings.BoundSettings;
import dev.weft.settings.Consistent;
import dev.weft.settings.Unset;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code weft.tls}.
 *
 * @param certificate Certificate of the services, those that it is signed by after it; absolute or
 *     relative to the deployment file. Every port speaks TLS with it. A file that changes is read
 *     anew.
 * @param privateKey Private key of {@code certificate}, in PKCS #8 or as openssl writes it, without
 *     a password.
 * @param trust Certificates that other services' are checked against, in place of the runtime's.
 * @param services Names in certificates that stand for the role of a service, as a token of that
 *     role does: whoever shows one that is signed by {@code trust} and has such a DNS name, address
 *     or common name. None means that nobody is asked for a certificate.
 */
@ConfigurationProperties("weft.tls")
public record TlsSettings(
        @Allowed("a file in PEM") @Unset("none: ports speak plain HTTP") @Nullable Path certificate,
        @Allowed("a file in PEM") @Unset("none") @Nullable Path privateKey,
        @Allowed("a file in PEM") @Unset("those of the Java runtime") @Nullable Path trust,
        @DefaultValue
                List<
                                @Pattern(
                                        regexp =
                                                "(\\*\\.)?[A-Za-z0-9_-][A-Za-z0-9._-]*|[a-z][a-z0-9+.-]*://[A-Za-z0-9._/:-]+",
                                        message =
                                                "a name like gateway.weft.svc, *.weft.svc for"
                                                        + " all below it, or an address like"
                                                        + " spiffe://example.com/weft")
                                String>
                        services)
        implements Consistent {
    /** Plain HTTP. */
    public static final TlsSettings OFF = new TlsSettings(null, null, null, List.of());

    public TlsSettings {
        services = List.copyOf(services);
    }

    @Override
    public void check(Faults faults, BoundSettings all) {
        needs("private-key", privateKey, certificate != null, "certificate", faults);
        needs("certificate", certificate, privateKey != null, "private-key", faults);
        needs("certificate", certificate, !services.isEmpty(), "services", faults);
        needs("trust", trust, !services.isEmpty(), "services", faults);
    }

    @Override
    public void checkFiles(Faults faults, BoundSettings all) {
        new PemFiles(this).faults().forEach(faults::add);
    }

    private static void needs(
            String key, @Nullable Path file, boolean needed, String by, Faults faults) {
        if (needed && file == null) {
            faults.add(key, "must be given if weft.tls." + by + " is: a file in PEM");
        }
    }
}
