package dev.weft.deployment;

import dev.weft.deployment.Deployment.DeclaredAdapter;
import dev.weft.format.trtllm.TensorRtSettings;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a deployment of a document, or faults. */
final class DeploymentReader {
    /** Stands in for what is missing, so that the rest is checked too; never handed out. */
    private static final RepositoryRef MISSING =
            new RepositoryRef(RepositorySource.FILE, "missing", null);

    private final Values values;
    private final RepositoryReader repositories;
    private final Path folder;

    DeploymentReader(Values values, Path folder) {
        this.values = values;
        this.repositories = new RepositoryReader(values, folder);
        this.folder = folder;
    }

    /** Valid only where no fault was noted. */
    Deployment read() {
        String served = given(SeedKeys.SERVED_MODEL_NAME);
        String name = values.find(SeedKeys.MODEL_NAME, served).orElse("");
        Optional<String> accelerator = values.find(SeedKeys.ACCELERATOR, null);
        boolean gpu = gpu(accelerator.isPresent());
        values.get(SeedKeys.BASE_MODEL);
        RepositoryRef checkpoint =
                repositories
                        .read(
                                SeedKeys.CHECKPOINT_SOURCE,
                                SeedKeys.CHECKPOINT_REPO,
                                SeedKeys.CHECKPOINT_REVISION)
                        .orElse(MISSING);
        String servedName = served == null ? name : served;
        List<DeclaredAdapter> adapters = adapters(servedName);
        int rank = rank();
        var plugin = values.get(SeedKeys.LORA_PLUGIN);
        values.find(SeedKeys.SERVED_MODEL_NAME, servedName);
        if (servedName.isEmpty()) {
            values.fault(
                    SeedKeys.MODEL_NAME, "is missing: " + SeedKeys.MODEL_NAME.type().allowed());
        }
        TensorRtSettings tensorRt = new TensorRtReader(values).read(accelerator);
        WeftSettings weft = new WeftReader(values, repositories, folder).read();
        return new Deployment(
                name, servedName, gpu, checkpoint, adapters, rank, plugin, tensorRt, weft, folder);
    }

    /** A text without a note of its origin; that is written down where the key's turn comes. */
    private @Nullable String given(Key<String> key) {
        return values.node(key.path()) instanceof YamlNode.Scalar scalar
                ? scalar.text().strip()
                : null;
    }

    private boolean gpu(boolean accelerator) {
        values.find(SeedKeys.CPU, null);
        values.find(SeedKeys.MEMORY, null);
        return values.find(SeedKeys.USE_GPU, accelerator).orElse(false);
    }

    private int rank() {
        int rank = values.get(SeedKeys.MAX_LORA_RANK);
        boolean outer = values.node(SeedKeys.MAX_LORA_RANK.path()) != null;
        Optional<Integer> nested = values.given(SeedKeys.NESTED_MAX_LORA_RANK);
        if (outer && nested.isPresent() && nested.get() != rank) {
            values.fault(
                    SeedKeys.NESTED_MAX_LORA_RANK,
                    nested.get()
                            + " is not allowed: "
                            + SeedKeys.MAX_LORA_RANK.name()
                            + " says "
                            + rank
                            + ", and both mean the same");
        }
        if (!outer && nested.isPresent()) {
            values.replace(SeedKeys.MAX_LORA_RANK, nested.get(), SeedKeys.NESTED_MAX_LORA_RANK);
        }
        return outer ? rank : nested.orElse(rank);
    }

    private List<DeclaredAdapter> adapters(String servedName) {
        var adapters = new ArrayList<DeclaredAdapter>();
        if (values.node(SeedKeys.ADAPTERS) instanceof YamlNode.Fields declared) {
            declared.fields()
                    .forEach((name, node) ->
                            adapter(name, node, servedName).ifPresent(adapters::add));
        }
        if (adapters.isEmpty()) {
            values.add(
                    new Setting(SeedKeys.ADAPTERS, Map.of(), "none", new Origin.Default(), true));
        }
        return adapters;
    }

    private Optional<DeclaredAdapter> adapter(String name, YamlNode node, String servedName) {
        var path = new ArrayList<>(SeedKeys.ADAPTERS);
        path.add(name);
        if (values.node(path) == null && node.origin() instanceof Origin.CommandLine) {
            return Optional.empty();
        }
        if (!AdapterId.isName(name)) {
            values.fault(path, "the name '" + name + "' is not allowed: " + AdapterId.NAME_RULE);
        }
        if (name.equals(servedName)) {
            values.fault(
                    path,
                    "the name '" + name + "' is not allowed: the base model is served under it");
        }
        if (!(node instanceof YamlNode.Fields) && values.node(path) != null) {
            return Optional.empty(); // no mapping: UnknownKeys says so
        }
        return repositories
                .read(
                        SeedKeys.ADAPTER_SOURCE.of(name),
                        SeedKeys.ADAPTER_REPO.of(name),
                        SeedKeys.ADAPTER_REVISION.of(name))
                .map(repository -> new DeclaredAdapter(name, repository));
    }
}
