package dev.weft.inference.server.residency.artifact;

import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.adapter.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.TreeSet;

/**
 * Adapters whose whole content is adapter_config.json, and whose digest is its SHA-256, for tests
 * of what the server does with folders, without weights.
 */
public final class TestArtifacts {
    public static final String FILE = "adapter_config.json";

    public static final AdapterReader READER = new Reader();

    private TestArtifacts() {}

    public static AdapterDigest digest(String content) {
        return AdapterDigest.of(sha256(content.getBytes(StandardCharsets.UTF_8)));
    }

    public static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Reader implements AdapterReader {
        /** Refuses the word "refused". */
        @Override
        public LoraCheck read(Path folder) throws IOException {
            String content = Files.readString(folder.resolve(FILE));
            if (content.equals("refused")) {
                String why = "it says refused";
                return new LoraCheck.Refused(
                        List.of(new Reason("BAD", FILE, null, content, "other", why)));
            }
            return accepted(TestArtifacts.digest(content));
        }

        /** Reads nothing. */
        @Override
        public LoraCheck reopen(Path folder, AdapterDigest digest) {
            return accepted(digest);
        }

        @SuppressWarnings("MustBeClosedChecker") // the adapter takes the arena with it
        private static LoraCheck accepted(AdapterDigest digest) {
            LoraFacts facts = new LoraFacts(8, 16, false, new TreeSet<>(), "F32", 0);
            return new LoraCheck.Accepted(
                    new LoraAdapter(digest, facts, List.of(), Arena.ofShared()), List.of());
        }
    }
}
