package dev.weft.catalog.ingest;

import dev.weft.model.adapter.Reason;
import dev.weft.model.chat.ChatTemplate;
import dev.weft.model.chat.ChatTemplateException;
import dev.weft.model.chat.TokenizerConfig;
import dev.weft.model.checkpoint.ModelConfig;
import dev.weft.model.lora.LoraCheck;
import dev.weft.model.lora.LoraFolder;
import dev.weft.model.repository.RepositoryRef;
import dev.weft.model.repository.RepositorySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks an adapter's folder against the base, its chat templates included. */
final class AdapterCheck {
    private static final String TEMPLATE_FILE = "chat_template.jinja";
    private static final String TOKENIZER_FILE = "tokenizer_config.json";

    private final RepositoryRef checkpoint;
    private final int maxRank;

    AdapterCheck(RepositoryRef checkpoint, int maxRank) {
        this.checkpoint = checkpoint;
        this.maxRank = maxRank;
    }

    /** Whatever the files hold, the answer is a check with every reason that could be found. */
    LoraCheck check(Path folder, ModelConfig base) {
        String baseName = checkpoint.source() == RepositorySource.HF ? checkpoint.repo() : null;
        LoraCheck check = LoraFolder.check(folder, base, maxRank, baseName);
        List<Reason> templates = templates(folder);
        if (templates.isEmpty()) {
            return check;
        }
        return switch (check) {
            case LoraCheck.Accepted(var adapter, _) -> {
                adapter.close();
                yield new LoraCheck.Refused(templates);
            }
            case LoraCheck.Refused(var reasons) -> {
                List<Reason> all = new ArrayList<>(reasons);
                all.addAll(templates);
                yield new LoraCheck.Refused(all);
            }
        };
    }

    private static List<Reason> templates(Path folder) {
        Map<String, String> sources;
        try {
            sources = TokenizerConfig.read(folder).chatTemplates();
        } catch (IOException e) {
            return List.of(); // the check of the folder names files that can't be read
        }
        List<Reason> reasons = new ArrayList<>();
        sources.forEach((name, source) -> {
            try {
                ChatTemplate.compile(source);
            } catch (ChatTemplateException e) {
                reasons.add(reason(folder, name, e));
            }
        });
        return reasons;
    }

    private static Reason reason(Path folder, String template, ChatTemplateException e) {
        String file = Files.exists(folder.resolve(TEMPLATE_FILE)) ? TEMPLATE_FILE : TOKENIZER_FILE;
        return new Reason(
                "CHAT_TEMPLATE",
                file,
                template,
                "line " + e.line() + ", column " + e.column(),
                "what jinja2 reads of chat templates",
                file + ", template '" + template + "': " + e.getMessage());
    }
}
