package dev.weft.inference.server.measure.rounded;

import dev.weft.format.checkpoint.CheckpointException;
import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.name.ModulePath;
import dev.weft.format.quantised.Quantisation;
import dev.weft.format.safetensors.SafetensorsWriter;
import dev.weft.format.safetensors.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A copy of a checkpoint with the linear layers of its blocks in 4 bits; closing it deletes it. */
public final class RoundedBase implements AutoCloseable {
    private static final String CONFIG = "config.json";

    /** Inputs of a group; the first that divides those of all layers is taken. */
    private static final List<Integer> GROUPS = List.of(128, 64, 32, 16, 8);

    private final Path folder;

    private RoundedBase(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes the copy; it is all in memory before.
     *
     * @param within the copy is a new folder in this one
     * @throws CheckpointException if the checkpoint is not one that can be rounded
     * @throws IOException if a file can't be read or written
     */
    public static RoundedBase write(Path from, RoundedForm form, Path within) throws IOException {
        RoundedBase copy = new RoundedBase(Files.createTempDirectory(within, "rounded-"));
        try {
            copy.fill(from, form);
            return copy;
        } catch (IOException | RuntimeException e) {
            copy.close();
            throw e;
        }
    }

    public Path folder() {
        return folder;
    }

    private void fill(Path from, RoundedForm form) throws IOException {
        int group;
        try (CheckpointFolder checkpoint = CheckpointFolder.open(from);
                Arena memory = Arena.ofConfined()) {
            if (!(checkpoint.config().quantisation() instanceof Quantisation.None)) {
                throw new CheckpointException(from + " is quantised already");
            }
            DecoderShape shape = checkpoint.config().shape();
            group = group(shape);
            List<Tensor> tensors = new ArrayList<>();
            for (ModulePath module : ModulePath.all(shape)) {
                int out = shape.outputSize(module.module());
                int in = shape.inputSize(module.module());
                RoundedMatrix matrix =
                        RoundedMatrix.of(checkpoint.matrix(module.text(), out, in), form, group);
                tensors.addAll(RoundedTensors.of(memory, module.text(), matrix, form));
            }
            tensors.addAll(checkpoint.rest());
            SafetensorsWriter.write(
                    folder.resolve("model.safetensors"), Map.of("format", "pt"), tensors);
        }
        copyTexts(from);
        ObjectNode config =
                (ObjectNode) JsonMapper.shared().readTree(Files.readString(from.resolve(CONFIG)));
        config.set("quantization_config", JsonMapper.shared().readTree(form.json(group)));
        Files.writeString(folder.resolve(CONFIG), config.toString());
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static int group(DecoderShape shape) {
        return GROUPS.stream()
                .filter(size ->
                        shape.allModules().stream()
                                .allMatch(module -> shape.inputSize(module) % size == 0))
                .findFirst()
                .orElseThrow(() ->
                        new CheckpointException(
                                "a layer's inputs are no multiple of 8, as groups in 4 bits are"));
    }

    /** What chats and tokens need. */
    private void copyTexts(Path from) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                boolean text = name.endsWith(".json") || name.endsWith(".jinja");
                if (text && !name.equals(CONFIG) && !name.endsWith(".index.json")) {
                    Files.copy(file, folder.resolve(name));
                }
            }
        }
    }
}
