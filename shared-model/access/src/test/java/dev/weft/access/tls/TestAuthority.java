package dev.weft.access.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Signs certificates with the runtime's own {@code keytool}, and writes them as files in PEM. */
public final class TestAuthority {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path folder;
    private final Path store;

    /** Files of one certificate. */
    public record Issued(Path certificate, Path privateKey) {
        /** Replaces other files at once, like a secret that is mounted anew. */
        public void replace(Issued other) throws IOException {
            Files.copy(privateKey, other.privateKey, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(certificate, other.certificate, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * Creates an authority.
     *
     * @param folder for its files; must be new
     */
    public TestAuthority(Path folder) throws Exception {
        this.folder = Files.createDirectories(folder);
        this.store = folder.resolve("store.p12");
        keytool("ca", "CN=an authority", "-ext", "bc:c=ca:true");
        pem(certificate(), "CERTIFICATE", List.of(load().getCertificate("ca").getEncoded()));
    }

    /** Its own certificate. */
    public Path certificate() {
        return folder.resolve("ca.crt");
    }

    /**
     * Signs a certificate for client and server.
     *
     * @param name of its files, and its common name
     * @param names as keytool writes them, e.g. {@code dns:localhost,ip:127.0.0.1}
     */
    public Issued issue(String name, String names) throws Exception {
        return issue(name, names, "-validity", "2");
    }

    /** Signs a certificate that ended yesterday. */
    public Issued issueEnded(String name, String names) throws Exception {
        return issue(name, names, "-startdate", "-3d", "-validity", "2");
    }

    private Issued issue(String name, String names, String... validity) throws Exception {
        List<String> options = new ArrayList<>(List.of("-signer", "ca", "-ext", "san=" + names));
        options.addAll(List.of(validity));
        keytool(name, "CN=" + name, options.toArray(String[]::new));
        KeyStore keys = load();
        Issued issued = new Issued(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
        List<byte[]> chain = new ArrayList<>();
        for (Certificate one : keys.getCertificateChain(name)) {
            chain.add(one.getEncoded());
        }
        pem(issued.certificate(), "CERTIFICATE", chain);
        pem(issued.privateKey(), "PRIVATE KEY", List.of(keys.getKey(name, PASSWORD).getEncoded()));
        return issued;
    }

    /** The certificate with that name. */
    public X509Certificate issued(String name) throws Exception {
        return (X509Certificate) load().getCertificate(name.toLowerCase(Locale.ROOT));
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }

    private void keytool(String alias, String name, String... options) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                alias,
                                "-keyalg",
                                "EC",
                                "-groupname",
                                "secp256r1",
                                "-dname",
                                name,
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                new String(PASSWORD)));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("keytool: " + output);
        }
    }

    private static void pem(Path file, String type, List<byte[]> contents) throws IOException {
        StringBuilder text = new StringBuilder();
        for (byte[] content : contents) {
            text.append("-----BEGIN ").append(type).append("-----\n");
            text.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content));
            text.append("\n-----END ").append(type).append("-----\n");
        }
        Files.writeString(file, text);
    }
}
