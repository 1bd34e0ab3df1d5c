package dev.weft.access.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemContent;

/** The files of {@code weft.tls}, as one of Spring Boot's SSL bundles. */
record PemFiles(TlsSettings settings) {
    /** The name of the bundle. */
    static final String BUNDLE = "weft";

    private static final String CERTIFICATES = "a file with certificates in PEM";
    private static final String PROPERTIES = "spring.ssl.bundle.pem." + BUNDLE + ".";
    private static final String SECTION = "weft.tls.";
    private static final String CERTIFICATE = "certificate";
    private static final String PRIVATE_KEY = "private-key";
    private static final String TRUST = "trust";

    /** True if there are any files. */
    boolean given() {
        return settings.certificate() != null || settings.trust() != null;
    }

    /**
     * What is wrong with the files, by their keys below {@code weft.tls}; nothing if they can be
     * used.
     */
    Map<String, String> faults() {
        Map<String, String> faults = new LinkedHashMap<>();
        check(CERTIFICATE, settings.certificate(), CERTIFICATES, PemFiles::hasCertificates, faults);
        check(
                PRIVATE_KEY,
                settings.privateKey(),
                "a file with a private key in PEM, without a password",
                content -> content.getPrivateKey() != null,
                faults);
        check(TRUST, settings.trust(), CERTIFICATES, PemFiles::hasCertificates, faults);
        boolean whole = (settings.certificate() == null) == (settings.privateKey() == null);
        if (faults.isEmpty() && whole && given()) {
            try {
                bundle();
            } catch (RuntimeException e) {
                faults.put(settings.certificate() == null ? TRUST : PRIVATE_KEY, unusable(e));
            }
        }
        return faults;
    }

    /**
     * Reads the files.
     *
     * @throws IllegalArgumentException if their content can't be used; names the keys and the files
     */
    SslBundle read() {
        Map<String, String> faults = faults();
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(
                    faults.entrySet().stream()
                            .map(fault -> SECTION + fault.getKey() + ": " + fault.getValue())
                            .collect(Collectors.joining("\n")));
        }
        return bundle();
    }

    private SslBundle bundle() {
        PemSslBundleProperties properties = new PemSslBundleProperties();
        if (settings.certificate() != null) {
            properties.getKeystore().setCertificate(address(settings.certificate()));
            properties.getKeystore().setPrivateKey(address(settings.privateKey()));
            properties.getKeystore().setVerifyKeys(true);
        }
        if (settings.trust() != null) {
            properties.getTruststore().setCertificate(address(settings.trust()));
        }
        SslBundle bundle = PropertiesSslBundle.get(properties);
        bundle.getManagers().getKeyManagers();
        bundle.getManagers().getTrustManagers();
        return bundle;
    }

    /**
     * Spring Boot's properties for the same files; Spring Boot watches the files, and reads them
     * again.
     */
    Map<String, Object> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        if (settings.certificate() != null) {
            properties.put(PROPERTIES + "keystore.certificate", address(settings.certificate()));
            properties.put(PROPERTIES + "keystore.private-key", address(settings.privateKey()));
            properties.put(PROPERTIES + "keystore.verify-keys", "true");
        }
        if (settings.trust() != null) {
            properties.put(PROPERTIES + "truststore.certificate", address(settings.trust()));
        }
        if (given()) {
            properties.put(PROPERTIES + "reload-on-update", "true");
            properties.put("spring.ssl.bundle.watch.file.quiet-period", "2s");
        }
        return properties;
    }

    private static String address(@Nullable Path file) {
        return "file:" + file;
    }

    private static boolean hasCertificates(PemContent content) {
        return !content.getCertificates().isEmpty();
    }

    private static void check(
            String key,
            @Nullable Path file,
            String allowed,
            Predicate<PemContent> part,
            Map<String, String> faults) {
        if (file == null) {
            return;
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            faults.put(key, refusal(file, allowed + ", and there is none that can be read", null));
            return;
        }
        try {
            if (!part.test(PemContent.load(file))) {
                faults.put(key, refusal(file, allowed, null));
            }
        } catch (IOException | IllegalStateException | IllegalArgumentException e) {
            faults.put(key, refusal(file, allowed, e));
        }
    }

    private String unusable(RuntimeException cause) {
        return settings.certificate() == null
                ? refusal(settings.trust(), CERTIFICATES, cause)
                : refusal(
                        settings.privateKey(),
                        "the private key of %s%s '%s'"
                                .formatted(SECTION, CERTIFICATE, settings.certificate()),
                        cause);
    }

    private static String refusal(@Nullable Path file, String allowed, @Nullable Exception cause) {
        String why = cause == null ? "" : " (" + cause.getMessage() + ")";
        return "'%s' is not allowed: %s%s".formatted(file, allowed, why);
    }
}
