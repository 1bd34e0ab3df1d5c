package dev.weft.catalog.ingest;

import dev.weft.catalog.base.Base;
import dev.weft.chat.TokenizerConfig;
import dev.weft.format.checkpoint.BaseShape;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Checks an adapter's folder against its base.
 *
 * @param shape of the base
 */
record AdapterCheck(Base base, BaseShape shape) {
    /** Checks a folder; for any content, the result has every reason that could be found. */
    LoraCheck check(Path folder) {
        RepositoryRef checkpoint = base.checkpoint();
        String name = checkpoint.source() == RepositorySource.HF ? checkpoint.repo() : null;
        return LoraFolder.check(folder, shape, base.facts().maxRank(), name);
    }

    /** Whether an adapter's chat templates have to be those of the base. */
    boolean needsBasesTemplates() {
        return !base.facts().engine().takesTemplates();
    }

    /** The reason against the chat templates of an adapter that {@link #check} has accepted. */
    Optional<Reason> templates(Path folder, Map<String, String> ofBase) throws IOException {
        Map<String, String> own = TokenizerConfig.read(folder).chatTemplates();
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
        return LoraFolder.reopen(folder, shape, base.facts().maxRank(), digest);
    }
}
