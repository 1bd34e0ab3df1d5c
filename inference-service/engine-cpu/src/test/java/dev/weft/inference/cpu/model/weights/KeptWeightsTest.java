package dev.weft.inference.cpu.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.checkpoint.CheckpointException;
import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.safetensors.DType;
import dev.weft.format.safetensors.SafetensorsFile;
import dev.weft.format.safetensors.SafetensorsWriter;
import dev.weft.format.safetensors.Tensor;
import dev.weft.inference.cpu.TinyCheckpoint;
import dev.weft.inference.cpu.kernel.Kernels;
import dev.weft.inference.cpu.kernel.math.Precision;
import dev.weft.inference.cpu.kernel.team.Team;
import dev.weft.inference.cpu.kernel.vector.Logits;
import dev.weft.inference.cpu.kv.KvCache;
import dev.weft.inference.cpu.kv.KvSequence;
import dev.weft.inference.cpu.model.Decoder;
import dev.weft.inference.cpu.model.PhaseClock;
import dev.weft.inference.cpu.model.Step;
import dev.weft.inference.cpu.packed.Keeping;
import dev.weft.inference.cpu.packed.PackedCopies;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On tiny checkpoints: what a copy gives, and when there is none. */
class KeptWeightsTest {
    @TempDir private Path folder;

    private Path checkpoint = Path.of("");
    private Path copies = Path.of("");

    @BeforeEach
    void write() throws IOException {
        checkpoint = folder.resolve("checkpoint");
        copies = folder.resolve("copies");
        TinyCheckpoint.write(checkpoint, TinyCheckpoint.QWEN2, DType.BF16, false);
    }

    @ParameterizedTest
    @CsvSource({"AUTO, BF16", "AUTO, INT8", "VECTOR, BF16", "VECTOR, INT8"})
    void aCopyAnswersWithTheBitsOfWhatWasPacked(Kernels.Choice kernels, Precision precision)
            throws Exception {
        Loaded packed = load(kernels, precision, 2);
        assertThat(packed.isCopied).isFalse();
        Loaded copied = load(kernels, precision, 2);
        assertThat(copied.isCopied).isTrue();
        assertThat(copied.logits).isEqualTo(packed.logits);
        assertThat(files()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"VECTOR, BF16", "AUTO, INT8"})
    void aCopyOfExpertsAnswersWithTheSameBitsToo(Kernels.Choice kernels, Precision precision)
            throws Exception {
        for (String config : List.of(TinyCheckpoint.GPT_OSS, TinyCheckpoint.QWEN3_MOE)) {
            TinyCheckpoint.write(checkpoint, config, DType.BF16, false);
            Loaded packed = load(kernels, precision, 2);
            assertThat(packed.isCopied).isFalse();
            Loaded copied = load(kernels, precision, 2);
            assertThat(copied.isCopied).isTrue();
            assertThat(copied.logits).isEqualTo(packed.logits);
        }
    }

    @Test
    void anotherPrecisionOrOtherKernelsHaveACopyOfTheirOwn() throws Exception {
        assertThat(load(Kernels.Choice.VECTOR, Precision.BF16, 2).isCopied).isFalse();
        assertThat(load(Kernels.Choice.VECTOR, Precision.INT8, 2).isCopied).isFalse();
        assertThat(files()).hasSize(2);
        assertThat(load(Kernels.Choice.VECTOR, Precision.BF16, 2).isCopied).isTrue();
        assertThat(load(Kernels.Choice.REFERENCE, Precision.BF16, 2).isCopied).isFalse();
        assertThat(files()).as("the reference packs nothing").hasSize(2);
    }

    @Test
    void otherWeightsOfTheSameShapesAndTimeAreNoticed() throws Exception {
        Path file = checkpoint.resolve("model.safetensors");
        FileTime time = Files.getLastModifiedTime(file);
        load(Kernels.Choice.VECTOR, Precision.BF16, 1);
        byte[] bytes = Files.readAllBytes(file);
        for (int i = bytes.length - 2000; i < bytes.length; i++) {
            bytes[i] ^= 1;
        }
        Files.write(file, bytes);
        Files.setLastModifiedTime(file, time);
        assertThat(load(Kernels.Choice.VECTOR, Precision.BF16, 1).isCopied).isFalse();
    }

    /** It is read whole for that, which takes as long as the disk needs. */
    @Test
    void aStoredHeadIsComparedWithTheEmbeddingAsACopyIsMade() throws Exception {
        storeHead();
        assertThat(load(Kernels.Choice.VECTOR, Precision.BF16, 1).isCopied).isFalse();
        change("lm_head.weight", 1_000);
        assertThat(load(Kernels.Choice.VECTOR, Precision.BF16, 1).isCopied).isTrue();
        Files.setLastModifiedTime(weights(), FileTime.fromMillis(1_000_000));
        assertThatThrownBy(() -> load(Kernels.Choice.VECTOR, Precision.BF16, 1))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tie_word_embeddings true");
    }

    @Test
    void aCopyOfAHeadThatIsNotTiedSaysNothingOfOneThatIs() throws Exception {
        storeHead();
        change("lm_head.weight", 1_000);
        Path config = checkpoint.resolve("config.json");
        String tied = Files.readString(config);
        Files.writeString(
                config,
                tied.replace("\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false"));
        assertThat(load(Kernels.Choice.VECTOR, Precision.BF16, 1).isCopied).isFalse();
        Files.writeString(config, tied);
        assertThatThrownBy(() -> load(Kernels.Choice.VECTOR, Precision.BF16, 1))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tie_word_embeddings true");
    }

    private Path weights() {
        return checkpoint.resolve("model.safetensors");
    }

    /** Stores the head that the embedding is, too. */
    private void storeHead() throws IOException {
        try (Arena arena = Arena.ofShared()) {
            List<Tensor> tensors = new ArrayList<>();
            for (Tensor tensor : SafetensorsFile.open(weights(), arena).tensors().values()) {
                byte[] bytes = tensor.data().toArray(ValueLayout.JAVA_BYTE);
                MemorySegment data = MemorySegment.ofArray(bytes);
                tensors.add(new Tensor(tensor.name(), tensor.dtype(), tensor.shape(), data));
                if (tensor.name().equals("model.embed_tokens.weight")) {
                    tensors.add(new Tensor("lm_head.weight", tensor.dtype(), tensor.shape(), data));
                }
            }
            SafetensorsWriter.write(weights(), Map.of(), tensors);
        }
    }

    /** Changes a byte of a tensor between the pieces that tell checkpoints apart. */
    private void change(String name, int at) throws IOException {
        FileTime time = Files.getLastModifiedTime(weights());
        byte[] bytes = Files.readAllBytes(weights());
        try (Arena arena = Arena.ofShared()) {
            SafetensorsFile opened = SafetensorsFile.open(weights(), arena);
            MemorySegment tensor = Objects.requireNonNull(opened.tensors().get(name)).data();
            long begin = tensor.address() - opened.data().address();
            bytes[Math.toIntExact(begin) + at] ^= 1;
        }
        Files.write(weights(), bytes);
        Files.setLastModifiedTime(weights(), time);
    }

    @Test
    void aCopyWithRightChecksumsAndWrongWeightsFailsTheSelfTest() throws Exception {
        Loaded packed = load(Kernels.Choice.VECTOR, Precision.BF16, 1);
        Path copy = files().getFirst();
        forge(copy);
        Loaded again = load(Kernels.Choice.VECTOR, Precision.BF16, 1);
        assertThat(again.isCopied).isFalse();
        assertThat(again.logits).isEqualTo(packed.logits);
        assertThat(load(Kernels.Choice.VECTOR, Precision.BF16, 1).isCopied)
                .as("the copy was made anew")
                .isTrue();
    }

    /** Changes the first layer, and makes the sums fit. */
    private static void forge(Path copy) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(copy)).order(ByteOrder.LITTLE_ENDIAN);
        int head = file.getInt(12);
        int data = 2 << 20;
        for (int i = data; i < data + 4096; i++) {
            file.put(i, (byte) (i % 60));
        }
        file.putInt(head - Integer.BYTES, sum(file, data, file.capacity()));
        file.putInt(16, sum(file, 20, head));
        Files.write(copy, file.array());
    }

    private static int sum(ByteBuffer file, int from, int to) {
        CRC32C sum = new CRC32C();
        sum.update(file.duplicate().position(from).limit(to));
        return (int) sum.getValue();
    }

    private record Loaded(boolean isCopied, List<Float> logits) {}

    /** Loads the checkpoint, has a copy written to its end, and runs a token. */
    private Loaded load(Kernels.Choice choice, Precision precision, int threads)
            throws IOException, InterruptedException {
        CheckpointFolder opened = CheckpointFolder.open(checkpoint);
        try (Team team = new Team(threads)) {
            Kernels kernels =
                    Kernels.open(choice, precision, team, 16, folder.resolve("kernels.properties"));
            PackedCopies kept = new PackedCopies(copies, 1 << 30, team);
            DecoderWeights weights = new KeptWeights(opened, kernels, kept).load(_ -> {});
            if (weights.packing() instanceof Packing.Fresh fresh) {
                Keeping keeping = fresh.keeping();
                assertThat(keeping == null || keeping.await(60)).isTrue();
            }
            boolean isCopied = weights.packing() instanceof Packing.Copied;
            try (Decoder decoder = new Decoder(weights, 16, 16, 8, threads, new PhaseClock(false));
                    KvCache cache = new KvCache(weights.config().shape(), 64, true)) {
                return new Loaded(isCopied, logits(team, decoder, cache));
            }
        }
    }

    private static List<Float> logits(Team team, Decoder decoder, KvCache cache) {
        KvSequence sequence = cache.sequence("", null);
        assertThat(sequence.reserve(3)).isTrue();
        Step step = new Step();
        for (int i = 0; i < 3; i++) {
            step.add(new Step.TokenRow(7 + i, i, sequence, null, i == 2));
        }
        decoder.prepare(step);
        team.run(member -> decoder.forward(member, step));
        float[] logits = new float[70];
        Logits.copyRow(decoder.logits(), 0, logits);
        return Stream.iterate(0, i -> i < logits.length, i -> i + 1).map(i -> logits[i]).toList();
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(copies)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(copies)) {
            return files.toList();
        }
    }
}
