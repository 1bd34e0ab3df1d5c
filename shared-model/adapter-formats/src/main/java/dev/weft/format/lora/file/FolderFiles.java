package dev.weft.format.lora.file;

import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.format.lora.reason.Reasons.Location;
import dev.weft.format.npy.NpyArray;
import dev.weft.format.npy.NpyException;
import dev.weft.format.npy.NpyFile;
import dev.weft.format.safetensors.SafetensorsException;
import dev.weft.format.safetensors.SafetensorsFile;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.error.InvalidJson;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Opens the files of one folder; an unreadable file becomes a reason that names it. */
public final class FolderFiles {
    private static final ObjectReader JSON =
            JsonMapper.shared().reader().with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

    /** Paths of all experts of the largest models take 2.5 MB. */
    private static final long MOST_CONFIG_BYTES = 4 << 20;

    private final Path folder;
    private final Arena arena;
    private final Reasons reasons;

    public FolderFiles(Path folder, Arena arena, Reasons reasons) {
        this.folder = folder;
        this.arena = arena;
        this.reasons = reasons;
    }

    public boolean has(String name) {
        return Files.exists(folder.resolve(name));
    }

    public boolean hasArrays() {
        return AdapterFiles.ARRAYS.stream().anyMatch(this::has);
    }

    /** The content of adapter_config.json. */
    public Optional<ObjectNode> config() {
        String name = AdapterFiles.CONFIG;
        if (!isThere(name) || !fits(name, MOST_CONFIG_BYTES)) {
            return Optional.empty();
        }
        String found;
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(folder.resolve(name)));
            if (root instanceof ObjectNode object) {
                return Optional.of(object);
            }
            found = root.isMissingNode() ? "an empty file" : root.toString();
        } catch (JacksonException e) {
            found = InvalidJson.words(e);
        } catch (IOException e) {
            refuseUnreadable(name, e);
            return Optional.empty();
        }
        reasons.refuse(
                LoraFault.MALFORMED_JSON,
                new Location(name, null),
                found,
                "one JSON object without repeated keys",
                "cannot be read as JSON");
        return Optional.empty();
    }

    /** The tensors of adapter_model.safetensors. */
    public Optional<Collection<Tensor>> tensors() {
        String name = AdapterFiles.TENSORS;
        if (!isThere(name) || !fits(name, Long.MAX_VALUE)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    SafetensorsFile.open(folder.resolve(name), arena).tensors().values());
        } catch (SafetensorsException e) {
            reasons.refuse(
                    LoraFault.MALFORMED_SAFETENSORS,
                    new Location(name, null),
                    String.valueOf(e.getMessage()),
                    "a file of the safetensors format",
                    "breaks the safetensors format");
        } catch (IOException e) {
            refuseUnreadable(name, e);
        }
        return Optional.empty();
    }

    /** One of TensorRT-LLM's arrays. */
    public Optional<NpyArray> array(String name) {
        if (!isThere(name) || !fits(name, Long.MAX_VALUE)) {
            return Optional.empty();
        }
        try {
            return Optional.of(NpyFile.open(folder.resolve(name), arena));
        } catch (NpyException e) {
            reasons.refuse(
                    LoraFault.MALFORMED_NPY,
                    new Location(name, null),
                    String.valueOf(e.getMessage()),
                    "an array as numpy.save writes it",
                    "cannot be read as an array");
        } catch (IOException e) {
            refuseUnreadable(name, e);
        }
        return Optional.empty();
    }

    private boolean isThere(String name) {
        boolean there = has(name);
        if (!there) {
            String why =
                    AdapterFiles.ARRAYS.contains(name)
                            ? "is missing, the other array of the pair is there"
                            : "is missing, every adapter has one";
            reasons.refuse(LoraFault.FILE_MISSING, new Location(name, null), "nothing", name, why);
        }
        return there;
    }

    private boolean fits(String name, long most) {
        try {
            Path file = folder.resolve(name);
            if (!Files.isRegularFile(file)) {
                throw new IOException("no regular file");
            }
            long size = Files.size(file);
            if (size <= most) {
                return true;
            }
            reasons.refuse(
                    LoraFault.FILE_TOO_LARGE,
                    new Location(name, null),
                    size + " bytes",
                    "up to " + most + " bytes",
                    "is not read");
        } catch (IOException e) {
            refuseUnreadable(name, e);
        }
        return false;
    }

    private void refuseUnreadable(String name, IOException e) {
        reasons.refuse(
                LoraFault.FILE_UNREADABLE,
                new Location(name, null),
                e.toString(),
                "a file that can be read",
                "could not be read");
    }
}
