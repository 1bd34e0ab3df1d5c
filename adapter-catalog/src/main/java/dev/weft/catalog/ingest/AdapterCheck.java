package dev.weft.catalog.ingest;

import dev.weft.catalog.base.Base;
import dev.weft.format.checkpoint.BaseShape;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.format.lora.PairsAlone;
import dev.weft.format.lora.file.ChatFiles;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks an adapter's folder against its base.
 *
 * @param shape of the base
 */
record AdapterCheck(Base base, BaseShape shape) {
    static final String MODULE_NOT_ALLOWED = "MODULE_NOT_ALLOWED";

    /** Checks a folder; for any content, the result has every reason that could be found. */
    LoraCheck check(Path folder) {
        RepositoryRef checkpoint = base.checkpoint();
        String name = checkpoint.source() == RepositorySource.HF ? checkpoint.repo() : null;
        return within(LoraFolder.check(folder, shape, base.facts().maxRank(), name, keepsEdges()));
    }

    /**
     * Why the adapter does not belong to the base, by names, types and shapes alone; empty if it
     * may.
     */
    List<Reason> misfits(Path folder) {
        AdapterDigest any = AdapterDigest.parse(AdapterDigest.PREFIX + "0".repeat(64));
        return switch (within(reopen(folder, any))) {
            case LoraCheck.Refused(List<Reason> reasons) -> reasons;
            case LoraCheck.Accepted(LoraAdapter adapter, List<Reason> _) -> {
                adapter.close();
                yield List.of();
            }
        };
    }

    /**
     * Refuses an adapter that the engine can't compute, or that changes modules it may not change.
     */
    private LoraCheck within(LoraCheck all) {
        LoraCheck found = base.facts().engine().computesPairsAlone() ? PairsAlone.of(all) : all;
        Set<LinearModule> allowed = base.facts().modules();
        if (allowed.isEmpty() || !(found instanceof LoraCheck.Accepted(LoraAdapter adapter, _))) {
            return found;
        }
        List<String> beyond =
                Stream.concat(
                                adapter.facts().modules().stream()
                                        .filter(module -> !allowed.contains(module))
                                        .map(LinearModule::shortName),
                                adapter.around().changed().stream())
                        .toList();
        if (beyond.isEmpty()) {
            return found;
        }
        adapter.close();
        String names =
                allowed.stream().map(LinearModule::shortName).collect(Collectors.joining(", "));
        return new LoraCheck.Refused(
                List.of(
                        new Reason(
                                MODULE_NOT_ALLOWED,
                                "adapter_config.json:target_modules",
                                null,
                                String.join(", ", beyond),
                                names,
                                "base '%s' takes adapters of %s; this one changes %s"
                                        .formatted(
                                                base.name(), names, String.join(", ", beyond)))));
    }

    /** Whether an adapter's chat templates have to be those of the base. */
    boolean needsBasesTemplates() {
        return !base.facts().engine().takesTemplates();
    }

    /** The reason against the chat templates of an adapter that {@link #check} has accepted. */
    Optional<Reason> templates(Path folder, Map<String, String> ofBase) throws IOException {
        Map<String, String> own = ChatFiles.templates(folder);
        return own.isEmpty() || own.equals(ofBase)
                ? Optional.empty()
                : Optional.of(
                        new Reason(
                                LoraFault.CHAT_TEMPLATE.name(),
                                "tokenizer_config.json",
                                null,
                                "a chat template of its own",
                                "none, or the base's",
                                "the adapter brings a chat template, and with weft.engine "
                                        + base.facts().engine().word()
                                        + " the base's alone is rendered"));
    }

    /** Opens a checked adapter again, without reading its values. */
    LoraCheck reopen(Path folder, AdapterDigest digest) {
        return LoraFolder.reopen(folder, shape, base.facts().maxRank(), digest, keepsEdges());
    }

    /**
     * True if adapters must leave the embedding and the head as they are. The catalog doesn't have
     * the base's weights, so it can't tell a copy of them from changed ones; the worker compares
     * them.
     */
    private boolean keepsEdges() {
        return !base.facts().modules().isEmpty();
    }
}
