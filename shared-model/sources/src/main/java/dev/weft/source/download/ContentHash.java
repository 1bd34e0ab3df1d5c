package dev.weft.source.download;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The hash of a file's bytes.
 *
 * @param algorithms one of them must give the value
 * @param hex in lower case
 * @param certain false if it may be something else that looks like a hash
 */
public record ContentHash(List<Algorithm> algorithms, String hex, boolean certain) {
    private static final int CHUNK = 1 << 16;

    /** A way to hash a file. */
    public enum Algorithm {
        SHA256("SHA-256"),
        SHA1("SHA-1"),
        /** Git's hash of a file: SHA-1 over "blob SIZE\0" and the content. */
        GIT("SHA-1"),
        MD5("MD5");

        private final String name;

        Algorithm(String name) {
            this.name = name;
        }
    }

    ContentHash(List<Algorithm> algorithms, String hex) {
        this(algorithms, hex, true);
    }

    public ContentHash {
        algorithms = List.copyOf(algorithms);
        hex = hex.toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a hub's ETag as a hash: 64 hexadecimal digits are the SHA-256 (LFS), 40 are git's hash
     * or, on hubs that know no git, the plain SHA-1. Other ETags name a version and say nothing
     * about the content.
     */
    public static Optional<ContentHash> ofHubEtag(String etag) {
        if (etag.matches("[0-9a-fA-F]{64}")) {
            return Optional.of(new ContentHash(List.of(Algorithm.SHA256), etag));
        }
        return etag.matches("[0-9a-fA-F]{40}")
                ? Optional.of(new ContentHash(List.of(Algorithm.GIT, Algorithm.SHA1), etag))
                : Optional.empty();
    }

    /**
     * Reads an ETag of S3 as a hash: the MD5 of an object that was uploaded in one part. If S3
     * encrypts the object with a key of its KMS or of the client, the ETag has the same length and
     * means nothing. ETags of several parts have a dash.
     */
    public static Optional<ContentHash> ofS3Etag(String etag) {
        return etag.matches("[0-9a-fA-F]{32}")
                ? Optional.of(new ContentHash(List.of(Algorithm.MD5), etag, false))
                : Optional.empty();
    }

    /** Reads the Base64 of headers; empty if it is not Base64 of that length. */
    public static Optional<ContentHash> ofBase64(Algorithm algorithm, String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            return bytes.length == digest(algorithm).getDigestLength()
                    ? Optional.of(
                            new ContentHash(List.of(algorithm), HexFormat.of().formatHex(bytes)))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public static ContentHash ofSha256(String hex) {
        return new ContentHash(List.of(Algorithm.SHA256), hex);
    }

    boolean matches(Path file) throws IOException {
        List<MessageDigest> digests = algorithms.stream().map(ContentHash::digest).toList();
        if (algorithms.getFirst() == Algorithm.GIT) {
            String head = "blob " + Files.size(file) + "\0";
            digests.getFirst().update(head.getBytes(StandardCharsets.UTF_8));
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[CHUNK];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                for (MessageDigest digest : digests) {
                    digest.update(buffer, 0, n);
                }
            }
        }
        return digests.stream()
                .map(digest -> HexFormat.of().formatHex(digest.digest()))
                .anyMatch(hex::equals);
    }

    /** SHA-256 of a text, in hexadecimal digits. */
    public static String sha256(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(digest(Algorithm.SHA256).digest(bytes));
    }

    /** SHA-256 of a file, in hexadecimal digits. */
    public static String sha256(Path file) throws IOException {
        MessageDigest digest = digest(Algorithm.SHA256);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[CHUNK];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest(Algorithm algorithm) {
        try {
            return MessageDigest.getInstance(algorithm.name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm.name, e);
        }
    }
}
