package dev.weft.gateway.limit.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A script that Redis runs as one step.
 *
 * @param digest by which Redis knows it once it is loaded or has run
 */
record Script(String text, String digest) {
    static final Script TAKE = of("buckets.lua", "take.lua");
    static final Script SETTLE = of("buckets.lua", "settle.lua");
    static final Script RENEW = of("renew.lua");
    static final Script ANNOUNCE = of("announce.lua");
    static final List<Script> ALL = List.of(TAKE, SETTLE, RENEW, ANNOUNCE);

    /** Reads files of this package's resources, one after the other. */
    private static Script of(String... files) {
        StringBuilder text = new StringBuilder();
        for (String file : files) {
            text.append(read(file));
        }
        return new Script(text.toString(), sha1(text.toString()));
    }

    private static String read(String file) {
        try (InputStream in = Script.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not part of this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String text) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return HexFormat.of().formatHex(sha1.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
