package dev.weft.inference.server.beside;

import dev.weft.chat.TokenizerConfig;
import dev.weft.format.checkpoint.BaseShape;
import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.format.lora.PairsAlone;
import dev.weft.inference.server.residency.artifact.AdapterReader;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Checks adapters for a server beside the worker. It checks them against the base's shape, as the
 * catalog did. It refuses adapters with more than pairs of matrices, since only the embedded engine
 * computes the rest. It refuses chat templates if the server uses only the base's.
 *
 * @param templates of the base, by name
 * @param takesTemplates whether the server renders a chat with the template that it brings
 */
record RelayReader(
        BaseShape base, int maxRank, Map<String, String> templates, boolean takesTemplates)
        implements AdapterReader {
    @Override
    public LoraCheck read(Path folder) throws IOException {
        return withBasesTemplate(folder, LoraFolder.check(folder, base, maxRank, null));
    }

    @Override
    public LoraCheck reopen(Path folder, AdapterDigest digest) throws IOException {
        return withBasesTemplate(folder, LoraFolder.reopen(folder, base, maxRank, digest));
    }

    private LoraCheck withBasesTemplate(Path folder, LoraCheck all) throws IOException {
        LoraCheck check = PairsAlone.of(all);
        if (!(check instanceof LoraCheck.Accepted accepted)) {
            return check;
        }
        Map<String, String> own = TokenizerConfig.read(folder).chatTemplates();
        if (takesTemplates || own.isEmpty() || own.equals(templates)) {
            return check;
        }
        accepted.adapter().close();
        return new LoraCheck.Refused(
                List.of(
                        new Reason(
                                "CHAT_TEMPLATE",
                                "tokenizer_config.json",
                                null,
                                "a chat template of its own",
                                "none, or the base's",
                                "the adapter brings a chat template, and the server beside the"
                                        + " worker renders the base's alone; vLLM takes others if"
                                        + " it is started with --trust-request-chat-template, and"
                                        + " trtllm-serve with --allow_request_chat_template")));
    }
}
