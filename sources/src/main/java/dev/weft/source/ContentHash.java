package dev.weft.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Compares a file on disk with a hub's ETag: 64 hexadecimal digits are its SHA-256 (LFS), 40 are
 * git's hash of it (SHA-1 over "blob SIZE\0" and the content) or, on hubs that know no git, its
 * plain SHA-1. Other ETags name a version and say nothing about the content.
 */
final class ContentHash {
    private ContentHash() {}

    /** True for ETags that decide about the content. */
    static boolean isHash(String etag) {
        return etag.matches("[0-9a-fA-F]{64}|[0-9a-fA-F]{40}");
    }

    static boolean matches(Path file, String etag) throws IOException {
        if (!isHash(etag)) {
            return true;
        }
        List<MessageDigest> digests =
                etag.length() == 64
                        ? List.of(digest("SHA-256"))
                        : List.of(git(Files.size(file)), digest("SHA-1"));
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                for (MessageDigest digest : digests) {
                    digest.update(buffer, 0, n);
                }
            }
        }
        String expected = etag.toLowerCase(Locale.ROOT);
        return digests.stream()
                .map(digest -> HexFormat.of().formatHex(digest.digest()))
                .anyMatch(expected::equals);
    }

    private static MessageDigest git(long size) {
        MessageDigest git = digest("SHA-1");
        git.update(("blob " + size + "\0").getBytes(StandardCharsets.UTF_8));
        return git;
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
