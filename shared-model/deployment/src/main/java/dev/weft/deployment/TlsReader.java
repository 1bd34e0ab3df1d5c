package dev.weft.deployment;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads {@code weft.tls}. */
final class TlsReader {
    private final Values values;
    private final Path folder;

    TlsReader(Values values, Path folder) {
        this.values = values;
        this.folder = folder;
    }

    WeftSettings.Tls tls() {
        Optional<Path> certificate = file(TlsKeys.CERTIFICATE);
        Optional<Path> privateKey = file(TlsKeys.PRIVATE_KEY);
        Optional<Path> trust = file(TlsKeys.TRUST);
        List<String> services = values.get(TlsKeys.SERVICES);
        needs(TlsKeys.PRIVATE_KEY, certificate.isPresent(), TlsKeys.CERTIFICATE, privateKey);
        needs(TlsKeys.CERTIFICATE, privateKey.isPresent(), TlsKeys.PRIVATE_KEY, certificate);
        needs(TlsKeys.CERTIFICATE, !services.isEmpty(), TlsKeys.SERVICES, certificate);
        needs(TlsKeys.TRUST, !services.isEmpty(), TlsKeys.SERVICES, trust);
        return new WeftSettings.Tls(
                certificate.orElse(null), privateKey.orElse(null), trust.orElse(null), services);
    }

    private Optional<Path> file(Key<String> key) {
        return values.find(key, null).map(folder::resolve);
    }

    private void needs(Key<?> key, boolean needed, Key<?> by, Optional<Path> value) {
        if (needed && value.isEmpty()) {
            values.fault(key, "must be given where " + by.name() + " is: a file in PEM");
        }
    }
}
