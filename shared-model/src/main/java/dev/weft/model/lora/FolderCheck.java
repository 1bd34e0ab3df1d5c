package dev.weft.model.lora;

import dev.weft.model.adapter.AdapterDigest;
import dev.weft.model.chat.TokenizerConfig;
import dev.weft.model.checkpoint.ModelConfig;
import dev.weft.model.lora.Reasons.Place;
import dev.weft.model.safetensors.SafetensorsException;
import dev.weft.model.safetensors.SafetensorsFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One check of one folder, step by step; each step goes on where the one before found faults. */
final class FolderCheck {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private static final long MOST_CONFIG_BYTES = 1 << 20;

    private final Path folder;
    private final ModelConfig base;
    private final int maxRank;
    private final @Nullable String baseName;
    private final Arena arena;
    private final Reasons reasons = new Reasons();

    FolderCheck(
            Path folder, ModelConfig base, int maxRank, @Nullable String baseName, Arena arena) {
        this.folder = folder;
        this.base = base;
        this.maxRank = maxRank;
        this.baseName = baseName;
        this.arena = arena;
    }

    /** Checks all of it. */
    LoraCheck run() {
        return run(null);
    }

    /** Checks what the matrices need to be found again; believes the values and the digest. */
    LoraCheck reopen(AdapterDigest digest) {
        return run(digest);
    }

    private LoraCheck run(@Nullable AdapterDigest known) {
        if (!AdapterFiles.check(folder, reasons)) {
            return new LoraCheck.Refused(reasons.refusals());
        }
        Optional<PeftConfig> config =
                readConfig().flatMap(json -> new PeftConfigReader(json, reasons).read());
        config.ifPresent(this::checkBaseName);
        List<TargetResolution.Target> targets =
                config.map(c -> new TargetResolution(base, c, maxRank, reasons).resolve())
                        .orElse(List.of());
        Optional<AdapterTensors> tensors = readTensors(known != null);
        List<LoraPair> pairs = List.of();
        if (config.isPresent() && tensors.isPresent() && !targets.isEmpty()) {
            pairs = new PairAssembly(base, config.get(), tensors.get(), reasons).assemble(targets);
        }
        Optional<AdapterDigest> digest = known == null ? digest(config, pairs) : Optional.of(known);
        if (reasons.refused() || config.isEmpty() || digest.isEmpty()) {
            return new LoraCheck.Refused(reasons.refusals());
        }
        return accept(config.get(), pairs, digest.get());
    }

    private Optional<AdapterDigest> digest(Optional<PeftConfig> config, List<LoraPair> pairs) {
        Optional<TokenizerConfig> chat = new ChatFiles(folder, reasons).read();
        if (reasons.refused() || config.isEmpty() || chat.isEmpty()) {
            return Optional.empty();
        }
        PeftConfig c = config.get();
        return Optional.of(new AdapterDigester().digest(c.alpha(), c.rsLora(), pairs, chat.get()));
    }

    private LoraCheck accept(PeftConfig config, List<LoraPair> pairs, AdapterDigest digest) {
        LoraFacts facts = LoraFacts.of(config.alpha(), config.rsLora(), pairs);
        return new LoraCheck.Accepted(
                new LoraAdapter(digest, facts, pairs, arena), reasons.warnings());
    }

    private Optional<ObjectNode> readConfig() {
        Optional<byte[]> bytes = read(AdapterFiles.CONFIG, MOST_CONFIG_BYTES);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        String found;
        try {
            JsonNode root = JSON.readTree(bytes.get());
            if (root instanceof ObjectNode object) {
                return Optional.of(object);
            }
            found = root.isMissingNode() ? "an empty file" : root.toString();
        } catch (JacksonException e) {
            found = String.valueOf(e.getOriginalMessage());
        }
        reasons.refuse(
                LoraFault.MALFORMED_JSON,
                new Place(AdapterFiles.CONFIG, null),
                found,
                "one JSON object without repeated keys",
                "cannot be read as JSON");
        return Optional.empty();
    }

    /** The bytes of a file that is there and not too large. */
    private Optional<byte[]> read(String name, long most) {
        if (!isThere(name) || !fits(name, most)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readAllBytes(folder.resolve(name)));
        } catch (IOException e) {
            refuseUnreadable(name, e);
            return Optional.empty();
        }
    }

    private boolean isThere(String name) {
        boolean there = Files.exists(folder.resolve(name));
        if (!there) {
            String why = "is missing, every adapter has one";
            reasons.refuse(LoraFault.FILE_MISSING, new Place(name, null), "nothing", name, why);
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
                    new Place(name, null),
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
                new Place(name, null),
                e.toString(),
                "a file that can be read",
                "could not be read");
    }

    private Optional<AdapterTensors> readTensors(boolean valuesKnown) {
        Path file = folder.resolve(AdapterFiles.TENSORS);
        if (!isThere(AdapterFiles.TENSORS) || !fits(AdapterFiles.TENSORS, Long.MAX_VALUE)) {
            return Optional.empty();
        }
        try {
            SafetensorsFile opened = SafetensorsFile.open(file, arena);
            return Optional.of(
                    new AdapterTensors(opened.tensors().values(), base, reasons, valuesKnown));
        } catch (SafetensorsException e) {
            reasons.refuse(
                    LoraFault.MALFORMED_SAFETENSORS,
                    new Place(AdapterFiles.TENSORS, null),
                    String.valueOf(e.getMessage()),
                    "a file of the safetensors format",
                    "breaks the safetensors format");
        } catch (IOException e) {
            refuseUnreadable(AdapterFiles.TENSORS, e);
        }
        return Optional.empty();
    }

    private void checkBaseName(PeftConfig config) {
        String named = config.baseName();
        if (baseName != null && named != null && !named.equals(baseName)) {
            reasons.warn(
                    LoraFault.OTHER_BASE_NAME,
                    ConfigFields.at("base_model_name_or_path"),
                    named,
                    baseName,
                    "names another base model than the one that is served");
        }
    }
}
