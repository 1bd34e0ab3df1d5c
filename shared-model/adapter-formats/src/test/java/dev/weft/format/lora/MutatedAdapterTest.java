package dev.weft.format.lora;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weft.format.lora.file.AdapterFiles;
import dev.weft.protocol.adapter.LinearModule;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever the files hold, the answer is a check, never an exception. Each reason names its file,
 * and a size that a file claims is never allocated.
 */
class MutatedAdapterTest {
    /** Rounds for the configuration, and as many for the header: 5,000 in all. */
    private static final int ROUNDS = 2500;

    private static final int ROUNDS_OF_BYTES = 600;

    /** A check with many reasons takes more than one with none: some 200 KiB. */
    private static final int TIMES_THE_USUAL = 4;

    private static final List<String> TOKENS =
            List.of(
                    "-1",
                    "0",
                    "1.5",
                    "9223372036854775807",
                    "9223372036854775808",
                    "1e308",
                    "1e999",
                    "null",
                    "true",
                    "\"\"",
                    "\"x\"",
                    "[]",
                    "[[]]",
                    "{}",
                    "{\"a\":{}}",
                    ",",
                    "}",
                    "\"\\ud800\"",
                    "\u0000",
                    "ü");

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir Path folder;

    /** Heap bytes for a check of the valid file, once its classes are loaded. */
    private long usual;

    @Test
    void answersForEveryMutationOfTheConfiguration() throws IOException {
        SmallAdapter adapter =
                SmallAdapter.of(4, 8, LinearModule.Q, LinearModule.DOWN)
                        .with("rank_pattern", Map.of("q_proj", 4))
                        .with("alpha_pattern", Map.of("q_proj", 4))
                        .with("layers_to_transform", List.of(0, 1))
                        .with("layers_pattern", List.of("layers"))
                        .with("exclude_modules", List.of("up_proj"))
                        .with("init_lora_weights", true);
        adapter.write(folder);
        usual = usual();
        String text = adapter.configText();
        Random random = new Random(20261124);

        int accepted = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String mutated = mutate(text, random);
            Files.writeString(folder.resolve(AdapterFiles.CONFIG), mutated);
            accepted += answers(mutated) ? 1 : 0;
        }

        assertThat(accepted).isBetween(1, ROUNDS - 1);
    }

    @Test
    void answersForEveryMutationOfTheHeader() throws IOException {
        SmallAdapter.of(4, 8, LinearModule.Q).write(folder);
        usual = usual();
        Path file = folder.resolve(AdapterFiles.TENSORS);
        byte[] whole = Files.readAllBytes(file);
        int length = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String header = new String(whole, 8, length, StandardCharsets.UTF_8);
        Random random = new Random(3);

        int accepted = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String mutated = mutate(header, random);
            byte[] bytes = mutated.getBytes(StandardCharsets.UTF_8);
            ByteBuffer out = ByteBuffer.allocate(8 + bytes.length + whole.length - 8 - length);
            out.order(ByteOrder.LITTLE_ENDIAN).putLong(bytes.length).put(bytes);
            out.put(whole, 8 + length, whole.length - 8 - length);
            Files.write(file, out.array());
            accepted += answers(mutated) ? 1 : 0;
        }

        assertThat(accepted).isLessThan(ROUNDS);
    }

    @Test
    void answersForEveryMutationOfTheBytes() throws IOException {
        SmallAdapter.of(4, 8, LinearModule.Q).write(folder);
        usual = usual();
        Path file = folder.resolve(AdapterFiles.TENSORS);
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(4);

        int accepted = 0;
        for (int i = 0; i < ROUNDS_OF_BYTES; i++) {
            byte[] bytes = whole.clone();
            if (random.nextInt(3) == 0) {
                bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            } else {
                int at = random.nextBoolean() ? random.nextInt(16) : random.nextInt(bytes.length);
                bytes[at] = (byte) random.nextInt();
            }
            Files.write(file, bytes);
            accepted += answers("round " + i) ? 1 : 0;
        }

        assertThat(accepted).isBetween(1, ROUNDS_OF_BYTES - 1);
    }

    @Test
    void aTensorOfTenGigabytesIsRefusedByNameAndNotAllocated() throws IOException {
        SmallAdapter.of(4, 8, LinearModule.Q).write(folder);
        usual = usual();
        String name = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight";
        for (String claim :
                List.of(
                        "[0,10737418240]},\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]",
                        "[0,8]")) {
            String header =
                    "{\"%s\":{\"dtype\":\"F32\",\"shape\":[4,671088640],\"data_offsets\":%s}}"
                            .formatted(name, claim);
            byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
            ByteBuffer out = ByteBuffer.allocate(16 + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
            Files.write(
                    folder.resolve(AdapterFiles.TENSORS),
                    out.putLong(bytes.length).put(bytes).array());

            assertThat(answers(header)).isFalse();
            LoraCheck check = LoraFolder.check(folder, SmallAdapter.BASE, 8);
            assertThat(((LoraCheck.Refused) check).reasons())
                    .anyMatch(r ->
                            "MALFORMED_SAFETENSORS".equals(r.code()) && r.message().contains(name));
        }
    }

    private long usual() {
        return Stream.generate(() -> check("the adapter as it is"))
                .limit(3)
                .mapToLong(Checked::allocated)
                .min()
                .orElseThrow();
    }

    private record Checked(LoraCheck check, long allocated) {}

    private Checked check(String what) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            LoraCheck check = LoraFolder.check(folder, SmallAdapter.BASE, 8);
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            if (check instanceof LoraCheck.Accepted accepted) {
                accepted.adapter().close();
            }
            return new Checked(check, allocated);
        } catch (RuntimeException | Error e) {
            throw new AssertionError("threw for " + what, e);
        }
    }

    private boolean answers(String what) {
        Checked checked = check(what);
        if (checked.allocated > TIMES_THE_USUAL * usual) {
            checked = check(what); // without the classes that the first one had to load
        }
        assertThat(checked.allocated).as(what).isLessThan(TIMES_THE_USUAL * usual);
        return switch (checked.check) {
            case LoraCheck.Accepted _ -> true;
            case LoraCheck.Refused refused -> {
                assertThat(refused.reasons())
                        .as(what)
                        .isNotEmpty()
                        .allMatch(r -> !r.message().isBlank() && r.message().length() < 2000)
                        .allMatch(r -> r.file() != null);
                yield false;
            }
        };
    }

    private static String mutate(String text, Random random) {
        StringBuilder mutated = new StringBuilder(text);
        for (int n = 1 + random.nextInt(2); n > 0 && !mutated.isEmpty(); n--) {
            int at = random.nextInt(mutated.length());
            int to = Math.min(mutated.length(), at + random.nextInt(6));
            String token = TOKENS.get(random.nextInt(TOKENS.size()));
            switch (random.nextInt(5)) {
                case 0 -> mutated.setCharAt(at, (char) (32 + random.nextInt(95)));
                case 1 -> mutated.delete(at, to);
                case 2 -> mutated.insert(at, token);
                case 3 -> replaceValue(mutated, at, token);
                default -> mutated.insert(at, mutated.substring(at, to));
            }
        }
        return mutated.toString();
    }

    /** Replaces a whole value by a token, so that the text mostly stays JSON. */
    private static void replaceValue(StringBuilder text, int from, String token) {
        int colon = text.indexOf(":", from);
        int end = colon < 0 ? -1 : text.indexOf(",", colon);
        if (end > 0) {
            text.replace(colon + 1, end, token);
        }
    }
}
