package dev.weft.catalog.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A secret in the data folder that only the owner of the process can read. It makes the first token
 * if the catalog asks for tokens from the start, and is of no use afterwards.
 */
final class FirstToken {
    private static final Logger LOG = LoggerFactory.getLogger(FirstToken.class);
    private static final String FILE = "first-token";

    private final @Nullable String secret;

    private FirstToken(@Nullable String secret) {
        this.secret = secret;
    }

    /** Writes the file if it is needed, and removes it if it isn't. */
    static FirstToken of(Path data, boolean needed) {
        Path file = data.resolve(FILE);
        try {
            Files.deleteIfExists(file);
            if (!needed) {
                return new FirstToken(null);
            }
            byte[] bytes = new byte[32];
            new SecureRandom().nextBytes(bytes);
            String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            Files.createDirectories(data);
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, secret, StandardOpenOption.WRITE);
            LOG.warn("no token was made yet; {} makes the first", file);
            return new FirstToken(secret);
        } catch (IOException e) {
            throw new UncheckedIOException("file " + file + ": " + e, e);
        }
    }

    boolean matches(String sent) {
        return InternalTokens.same(sent, secret);
    }
}
