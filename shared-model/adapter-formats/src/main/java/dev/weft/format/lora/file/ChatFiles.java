package dev.weft.format.lora.file;

import dev.weft.chat.ChatTemplate;
import dev.weft.chat.ChatTemplateException;
import dev.weft.chat.EncodingFlags;
import dev.weft.chat.TokenizerConfig;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.format.lora.reason.Reasons.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The chat templates and special tokens that an adapter brings. A template that can't be rendered
 * exactly is refused here, before any request uses it.
 */
public final class ChatFiles {
    private static final long MOST_BYTES = 16 << 20;

    private final Path folder;
    private final Reasons reasons;

    public ChatFiles(Path folder, Reasons reasons) {
        this.folder = folder;
        this.reasons = reasons;
    }

    /**
     * The sources of the chat templates in a folder, by name; none is compiled.
     *
     * @throws IOException if a file can't be read
     */
    public static Map<String, String> templates(Path folder) throws IOException {
        return TokenizerConfig.read(folder).chatTemplates();
    }

    /**
     * The chat settings of the folder, without values if it has no such file; empty if a file can't
     * be read.
     */
    public Optional<TokenizerConfig> read() {
        for (String name : AdapterFiles.CHAT) {
            if (Files.exists(folder.resolve(name)) && !fits(name)) {
                return Optional.empty();
            }
        }
        try {
            TokenizerConfig config = TokenizerConfig.read(folder);
            config.chatTemplates().forEach(this::compile);
            check(EncodingFlags.read(folder));
            return Optional.of(config);
        } catch (IOException e) {
            refuse(new Location(null, null), String.valueOf(e.getMessage()), "cannot be read");
            return Optional.empty();
        }
    }

    private void check(EncodingFlags flags) {
        Location place = new Location(AdapterFiles.TOKENIZER_CONFIG, null);
        if (flags.unserved().isPresent()) {
            String flag = flags.unserved().get();
            String why = "is not served: an adapter's texts become tokens as its base's do";
            refuse(place, flag + " true", flag + " " + why);
        }
        if (flags.fixesMistralRegex()) {
            reasons.warn(
                    LoraFault.IGNORED_SETTING,
                    place,
                    EncodingFlags.FIX_MISTRAL_REGEX + " true",
                    "the flag in the base's tokenizer_config.json",
                    "is not used: an adapter shares the tokenizer of its base");
        }
    }

    private void compile(String name, String source) {
        try {
            ChatTemplate.compile(source);
        } catch (ChatTemplateException e) {
            reasons.refuse(
                    LoraFault.CHAT_TEMPLATE,
                    new Location(null, name),
                    String.valueOf(e.getMessage()),
                    "what jinja2 reads of chat templates",
                    "its chat template is not understood");
        }
    }

    private boolean fits(String name) {
        Path file = folder.resolve(name);
        try {
            if (Files.isRegularFile(file) && Files.size(file) <= MOST_BYTES) {
                return true;
            }
            String why = "is not a file of up to " + MOST_BYTES + " bytes";
            refuse(new Location(name, null), Files.size(file) + " bytes", why);
        } catch (IOException e) {
            refuse(new Location(name, null), e.toString(), "cannot be read");
        }
        return false;
    }

    private void refuse(Location place, String found, String why) {
        String allowed = "chat files as transformers writes them";
        reasons.refuse(LoraFault.INVALID_CHAT_FILES, place, found, allowed, why);
    }
}
