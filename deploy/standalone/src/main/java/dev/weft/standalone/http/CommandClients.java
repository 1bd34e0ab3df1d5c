package dev.weft.standalone.http;

import dev.weft.access.tls.ServiceTls;
import dev.weft.access.tls.TlsSettings;
import dev.weft.standalone.failure.CommandException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLException;

/** HTTP clients of commands. For services with a private certificate, a variable names it. */
public final class CommandClients {
    /**
     * The environment variable that names a PEM file, which replaces the Java runtime's trusted
     * certificates.
     */
    public static final String VARIABLE = "WEFT_TRUST";

    private CommandClients() {}

    /** A builder of an HTTP/1.1 client. */
    public static HttpClient.Builder client() throws CommandException {
        String file = System.getenv(VARIABLE);
        return file == null || file.isBlank()
                ? HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                : trusting(Path.of(file));
    }

    /** What to do about an untrusted server; empty if something else failed. */
    public static String hint(Exception e) {
        return e instanceof SSLException
                ? "; " + VARIABLE + " names a file of certificates to trust: " + e.getMessage()
                : "";
    }

    /** A client that trusts the certificates of a file. */
    static HttpClient.Builder trusting(Path file) throws CommandException {
        try {
            return ServiceTls.open(new TlsSettings(null, null, file.toAbsolutePath(), List.of()))
                    .client();
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    String.valueOf(e.getMessage()).replace("weft.tls.trust", VARIABLE), e);
        }
    }
}
