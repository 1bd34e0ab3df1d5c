package dev.weft.inference.server.residency;

import dev.weft.model.adapter.AdapterDigest;
import dev.weft.model.adapter.Reason;
import dev.weft.model.lora.LoraAdapter;
import dev.weft.model.lora.LoraCheck;
import dev.weft.model.lora.LoraFacts;
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
 * Adapters whose whole content is adapter_config.json, and whose digest is its SHA-256: what the
 * server does with folders, without weights.
 */
public final class TestArtifacts {
    public static final String FILE = "adapter_config.json";

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

    /** Refuses the word "refused". */
    @SuppressWarnings("MustBeClosedChecker") // the adapter takes the arena with it
    public static LoraCheck read(Path folder) throws IOException {
        String content = Files.readString(folder.resolve(FILE));
        if (content.equals("refused")) {
            return new LoraCheck.Refused(
                    List.of(new Reason("BAD", FILE, null, content, "other", "it says refused")));
        }
        LoraFacts facts = new LoraFacts(8, 16, false, new TreeSet<>(), "F32", 0);
        return new LoraCheck.Accepted(
                new LoraAdapter(digest(content), facts, List.of(), Arena.ofShared()), List.of());
    }
}
