package dev.weft.access.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemContent;

/** The files of {@code weft.tls}, as one of Spring Boot's SSL bundles. */
record PemFiles(TlsSettings settings) {
    /** The name of the bundle. */
    static final String BUNDLE = "weft";

    private static final String PROPERTIES = "spring.ssl.bundle.pem." + BUNDLE + ".";
    private static final String CERTIFICATE = "weft.tls.certificate";
    private static final String PRIVATE_KEY = "weft.tls.private-key";
    private static final String TRUST = "weft.tls.trust";

    /** True if there are any files. */
    boolean given() {
        return settings.certificate() != null || settings.trust() != null;
    }

    /**
     * Reads the files.
     *
     * @throws IllegalArgumentException if their content can't be used; names the key and the file
     */
    SslBundle read() {
        checkCertificates(CERTIFICATE, settings.certificate());
        checkPrivateKey(settings.privateKey());
        checkCertificates(TRUST, settings.trust());
        PemSslBundleProperties properties = new PemSslBundleProperties();
        if (settings.certificate() != null) {
            properties.getKeystore().setCertificate(address(settings.certificate()));
            properties.getKeystore().setPrivateKey(address(settings.privateKey()));
            properties.getKeystore().setVerifyKeys(true);
        }
        if (settings.trust() != null) {
            properties.getTruststore().setCertificate(address(settings.trust()));
        }
        try {
            SslBundle bundle = PropertiesSslBundle.get(properties);
            bundle.getManagers().getKeyManagers();
            bundle.getManagers().getTrustManagers();
            return bundle;
        } catch (RuntimeException e) {
            throw refused(
                    PRIVATE_KEY,
                    settings.privateKey(),
                    "the private key of " + CERTIFICATE + " '" + settings.certificate() + "'",
                    e);
        }
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

    private static void checkCertificates(String key, @Nullable Path file) {
        if (file == null) {
            return;
        }
        String allowed = "a file with certificates in PEM";
        List<?> found;
        try {
            found = content(key, file, allowed).getCertificates();
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw refused(key, file, allowed, e);
        }
        if (found.isEmpty()) {
            throw refused(key, file, allowed, null);
        }
    }

    private static void checkPrivateKey(@Nullable Path file) {
        if (file == null) {
            return;
        }
        String allowed = "a file with a private key in PEM, without a password";
        try {
            if (content(PRIVATE_KEY, file, allowed).getPrivateKey() == null) {
                throw refused(PRIVATE_KEY, file, allowed, null);
            }
        } catch (IllegalStateException e) {
            throw refused(PRIVATE_KEY, file, allowed, e);
        }
    }

    private static PemContent content(String key, Path file, String allowed) {
        try {
            if (!Files.isReadable(file)) {
                throw refused(key, file, allowed + ", and there is none that can be read", null);
            }
            return PemContent.load(file);
        } catch (IOException e) {
            throw refused(key, file, allowed, e);
        }
    }

    private static IllegalArgumentException refused(
            String key, @Nullable Path file, String allowed, @Nullable Exception cause) {
        String why = cause == null ? "" : " (" + cause.getMessage() + ")";
        return new IllegalArgumentException(
                "%s: '%s' is not allowed: %s%s".formatted(key, file, allowed, why), cause);
    }
}
