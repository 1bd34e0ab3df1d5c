package dev.weft.format.checkpoint;

import dev.weft.format.safetensors.SafetensorsFile;
import dev.weft.format.safetensors.Tensor;
import dev.weft.format.safetensors.WeightMatrix;
import dev.weft.protocol.error.InvalidJson;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tensors of a checkpoint folder: {@code model.safetensors}, or the shards that {@code
 * model.safetensors.index.json} names. If a decoder was saved without the model around it, as
 * embedding models often are, its tensors get the names that they have in that model. Files are
 * mapped and read on access; close the folder to unmap them.
 */
public final class CheckpointFolder implements AutoCloseable {
    static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    private static final String ADAPTER = "adapter_config.json";

    /** The beginnings of tensors' names in a decoder that was saved alone. */
    private static final List<String> ALONE = List.of("layers.", "embed_tokens.", "norm.");

    private final ModelConfig config;
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final Set<String> read = ConcurrentHashMap.newKeySet();
    private final List<MemorySegment> mapped = new ArrayList<>();
    private final CheckpointIdentity identity = new CheckpointIdentity();
    private final Arena arena = Arena.ofShared();

    private CheckpointFolder(ModelConfig config) {
        this.config = config;
    }

    /**
     * Opens a folder.
     *
     * @throws CheckpointException if config.json is not served or a file is missing or broken
     * @throws IOException if a file can't be read
     */
    public static CheckpointFolder open(Path folder) throws IOException {
        Path configJson = folder.resolve("config.json");
        if (!Files.isRegularFile(configJson)) {
            throw new CheckpointException("config.json is missing in " + folder);
        }
        refuseAdapter(folder);
        CheckpointFolder checkpoint = new CheckpointFolder(ModelConfig.read(configJson));
        try {
            for (String file : files(folder)) {
                checkpoint.add(folder.resolve(file));
            }
            checkpoint.nameAlone();
            return checkpoint;
        } catch (IOException | RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    /**
     * Refuses an adapter that lies beside a base: transformers adds it to the base, other servers
     * don't.
     */
    private static void refuseAdapter(Path folder) {
        if (Files.isRegularFile(folder.resolve(ADAPTER))) {
            throw new CheckpointException(
                    "%s lies beside the base in %s: transformers adds the adapter that it is of to the base, others don't; move it to a folder of its own"
                            .formatted(ADAPTER, folder));
        }
    }

    private void add(Path file) throws IOException {
        SafetensorsFile opened = SafetensorsFile.open(file, arena);
        for (Map.Entry<String, Tensor> entry : opened.tensors().entrySet()) {
            if (tensors.putIfAbsent(entry.getKey(), entry.getValue()) != null) {
                throw new CheckpointException(
                        "tensor %s is in two files of the checkpoint; %s is the second"
                                .formatted(entry.getKey(), file.getFileName()));
            }
        }
        mapped.add(opened.data());
        identity.add(file);
    }

    private void nameAlone() {
        if (tensors.keySet().stream().anyMatch(name -> name.startsWith(BaseShape.PLAIN))) {
            return;
        }
        for (Tensor tensor : List.copyOf(tensors.values())) {
            if (ALONE.stream().anyMatch(tensor.name()::startsWith)) {
                String name = BaseShape.PLAIN + tensor.name();
                tensors.remove(tensor.name());
                tensors.put(name, new Tensor(name, tensor.dtype(), tensor.shape(), tensor.data()));
            }
        }
    }

    /**
     * Tells this checkpoint from others without reading all of it. It is a digest of the files'
     * names, sizes and times, of the tensors' names, types and shapes, and of three pieces of each
     * tensor's content. The pieces tell weights of the same shapes apart, whatever their files'
     * times say.
     */
    public String identity() {
        return identity.with(tensors);
    }

    public ModelConfig config() {
        return config;
    }

    /** Names of the tensors that nobody has asked for, in order. */
    public List<String> unread() {
        return tensors.keySet().stream().filter(name -> !read.contains(name)).sorted().toList();
    }

    /** The tensors that nobody has asked for, by name. */
    public List<Tensor> rest() {
        return unread().stream().map(tensors::get).filter(Objects::nonNull).toList();
    }

    /** True if the checkpoint holds a tensor of that name. */
    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    /**
     * Returns a weight that must be there with that shape.
     *
     * @throws CheckpointException if it is not, or is not float32, float16 or bfloat16
     */
    public Tensor tensor(String name, long... shape) {
        Tensor tensor = tensors.get(name);
        read.add(name);
        if (tensor == null) {
            throw new CheckpointException("tensor " + name + " is missing in the checkpoint");
        }
        List<Long> expected = java.util.Arrays.stream(shape).boxed().toList();
        if (!tensor.shape().equals(expected)) {
            throw new CheckpointException(
                    "tensor "
                            + name
                            + " has shape "
                            + tensor.shapeText()
                            + ", config.json asks for "
                            + expected);
        }
        if (!tensor.dtype().isFloat()) {
            throw new CheckpointException(
                    "tensor " + name + " is " + tensor.dtype() + "; served are F32, F16 and BF16");
        }
        return tensor;
    }

    /**
     * Returns the weights {@code [out][in]} of a linear layer, whatever they are stored in.
     *
     * @param module what the names of its tensors begin with
     * @throws CheckpointException if a tensor is missing or does not fit
     */
    public WeightMatrix matrix(String module, int out, int in) {
        return new QuantisedTensors(config.quantisation(), tensors, read::add)
                .matrix(module, out, in)
                .orElseGet(() -> tensor(module + ".weight", out, in));
    }

    /**
     * Has the system take back the memory of what was read. Tensors can still be read; their pages
     * then come from the file again.
     */
    public void giveBack() {
        mapped.stream().filter(MemorySegment::isMapped).forEach(MemorySegment::unload);
    }

    @Override
    public void close() {
        arena.close();
    }

    private static Set<String> files(Path folder) throws IOException {
        Path index = folder.resolve(INDEX);
        if (Files.isRegularFile(folder.resolve(SINGLE))) {
            return Set.of(SINGLE);
        }
        if (!Files.isRegularFile(index)) {
            throw new CheckpointException(
                    "neither " + SINGLE + " nor " + INDEX + " is in " + folder);
        }
        Set<String> files = new LinkedHashSet<>();
        for (JsonNode file : weightMap(index)) {
            String name = file.asString("");
            if (name.contains("/") || name.contains("\\") || !name.endsWith(".safetensors")) {
                throw new CheckpointException(
                        INDEX + ": '" + name + "' is not a safetensors file of this folder");
            }
            if (!Files.isRegularFile(folder.resolve(name))) {
                throw new CheckpointException(INDEX + " names " + name + ", which is missing");
            }
            files.add(name);
        }
        return files;
    }

    private static JsonNode weightMap(Path index) throws IOException {
        try {
            JsonNode map = JsonMapper.shared().readTree(Files.readString(index)).path("weight_map");
            if (!map.isObject() || map.isEmpty()) {
                throw new CheckpointException(INDEX + ": weight_map is missing or empty");
            }
            return map;
        } catch (JacksonException e) {
            throw new CheckpointException(INDEX + ": not valid JSON: " + InvalidJson.words(e));
        }
    }
}
