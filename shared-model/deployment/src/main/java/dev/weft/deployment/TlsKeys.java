package dev.weft.deployment;

import java.util.List;
import java.util.regex.Pattern;

/** With what services speak TLS, in the order of {@link WeftSettings.Tls}. */
final class TlsKeys {
    private static final String TLS = "weft.tls.";
    private static final KeyType<String> FILE = TextTypes.text("a file in PEM");

    static final Key<String> CERTIFICATE =
            Key.noDefault(
                    TLS + "certificate",
                    FILE,
                    "none: ports speak plain HTTP",
                    "Certificate of the services, those that it is signed by after it; absolute or"
                            + " relative to the deployment file. Every port speaks TLS with it. A"
                            + " file that changes is read anew.");
    static final Key<String> PRIVATE_KEY =
            Key.noDefault(
                    TLS + "private-key",
                    FILE,
                    "none",
                    "Private key of `certificate`, in PKCS #8 or as openssl writes it, without a"
                            + " password.");
    static final Key<String> TRUST =
            Key.noDefault(
                    TLS + "trust",
                    FILE,
                    "those of the Java runtime",
                    "Certificates that other services' are checked against, in place of the"
                            + " runtime's.");
    static final Key<List<String>> SERVICES =
            Key.of(
                    TLS + "services",
                    ListType.of(
                            TextTypes.matching(
                                    Pattern.compile(
                                            "(\\*\\.)?[A-Za-z0-9_-][A-Za-z0-9._-]*|[a-z][a-z0-9+.-]*://[A-Za-z0-9._/:-]+"),
                                    "a name like gateway.weft.svc, *.weft.svc for all below it, or"
                                            + " an address like spiffe://example.com/weft")),
                    List.of(),
                    "Names in certificates that stand for role `service`, as a token of that role"
                            + " does: whoever shows one that is signed by `trust` and has such a"
                            + " DNS name, address or common name. None means that nobody is asked"
                            + " for a certificate.");

    static final List<Key<?>> ALL = List.of(CERTIFICATE, PRIVATE_KEY, TRUST, SERVICES);

    private TlsKeys() {}
}
