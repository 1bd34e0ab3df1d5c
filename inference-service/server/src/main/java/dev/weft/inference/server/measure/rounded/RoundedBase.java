package dev.weft.inference.server.measure.rounded;

import dev.weft.format.checkpoint.CheckpointException;
import dev.weft.format.checkpoint.CheckpointFolder;
import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.decoder.ExpertTensors;
import dev.weft.format.lora.name.ModulePath;
import dev.weft.format.quantised.Quantisation;
import dev.weft.format.safetensors.SafetensorsWriter;
import dev.weft.format.safetensors.Tensor;
import dev.weft.format.safetensors.WeightMatrix;
import dev.weft.protocol.adapter.LinearModule;
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

    /** Sizes of a group of inputs; the first that divides all layers' inputs is used. */
    private static final List<Integer> GROUPS = List.of(128, 64, 32, 16, 8);

    private final Path folder;

    private RoundedBase(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes the copy. All of it is in memory before it is written.
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
            List<Layer> layers = layers(checkpoint.config().shape());
            group = group(layers);
            List<Tensor> tensors = new ArrayList<>();
            for (Layer layer : layers) {
                WeightMatrix weights = checkpoint.matrix(layer.name, layer.out, layer.in);
                RoundedMatrix matrix = RoundedMatrix.of(weights, form, group);
                tensors.addAll(RoundedTensors.of(memory, layer.name, matrix, form));
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

    /** A linear layer {@code [out][in]}. */
    private record Layer(String name, int out, int in) {}

    private static List<Layer> layers(DecoderShape shape) {
        List<Layer> layers = new ArrayList<>();
        for (ModulePath path : ModulePath.all(shape)) {
            LinearModule module = path.module();
            layers.add(new Layer(path.text(), shape.outputSize(module), shape.inputSize(module)));
        }
        shape.around()
                .experts()
                .forEach((layer, experts) -> {
                    if (!(experts.tensors() instanceof ExpertTensors.Single names)) {
                        throw new CheckpointException(
                                "experts in one tensor are not served in 4 bits");
                    }
                    for (int expert = 0; expert < experts.count(); expert++) {
                        String one = "model.layers." + layer + "." + names.prefix() + expert + ".";
                        layers.add(
                                new Layer(
                                        one + names.gate(), experts.width(), experts.hiddenSize()));
                        layers.add(
                                new Layer(one + names.up(), experts.width(), experts.hiddenSize()));
                        layers.add(
                                new Layer(
                                        one + names.down(), experts.hiddenSize(), experts.width()));
                    }
                });
        return layers;
    }

    private static int group(List<Layer> layers) {
        return GROUPS.stream()
                .filter(size -> layers.stream().allMatch(layer -> layer.in % size == 0))
                .findFirst()
                .orElseThrow(() ->
                        new CheckpointException(
                                "a layer's number of inputs is not a multiple of 8, as 4-bit groups"
                                        + " need"));
    }

    /** Copies the files that chats and tokens need. */
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
