package dev.weft.format.lora.file;

import dev.weft.format.lora.config.ConfigFields;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.format.lora.reason.Reasons.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of an adapter's folder by name: those that it must have, may have, and must not have.
 */
public final class AdapterFiles {
    public static final String CONFIG = ConfigFields.FILE;
    public static final String TENSORS = "adapter_model.safetensors";

    /** TensorRT-LLM's pair of arrays, which may replace the two files of PEFT. */
    public static final String WEIGHTS_ARRAY = "model.lora_weights.npy";

    public static final String CONFIG_ARRAY = "model.lora_config.npy";
    public static final List<String> ARRAYS = List.of(WEIGHTS_ARRAY, CONFIG_ARRAY);

    public static final String TOKENIZER_CONFIG = "tokenizer_config.json";

    /** The files that a folder may bring for chats; all other files are not part of an adapter. */
    public static final List<String> CHAT =
            List.of("chat_template.jinja", TOKENIZER_CONFIG, "special_tokens_map.json");

    /** More templates by name, for which an artifact has no place. */
    static final String MORE_TEMPLATES = "additional_chat_templates";

    private static final Set<String> PICKLES = Set.of("bin", "pt", "pth", "pkl", "pickle", "ckpt");

    /**
     * Files that trainers leave beside the weights: none is part of the adapter, and many published
     * folders hold them.
     */
    private static final Pattern TRAINER_STATE =
            Pattern.compile(
                    "training_args\\.bin|(optimizer|scheduler|scaler)\\.pt|rng_state.*\\.pth");

    private static final Set<String> OTHER_TOKENIZER =
            Set.of("tokenizer.json", "added_tokens.json", "tokenizer.model", "vocab.json");

    private AdapterFiles() {}

    /** Checks the names in a folder without opening any file; false if the folder can't be read. */
    public static boolean check(Path folder, Reasons reasons) {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names =
                    files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
            checkNames(names, reasons);
            return true;
        } catch (IOException e) {
            reasons.refuse(
                    LoraFault.FOLDER_UNREADABLE,
                    new Location(null, null),
                    folder.toString(),
                    "a folder that can be read",
                    "the folder cannot be read: " + e);
            return false;
        }
    }

    /**
     * Checks names alone, such as those of a repository whose pickles are not fetched. Only its
     * root is the adapter: a trainer's checkpoints in subfolders do not belong to it.
     */
    public static void checkNames(List<String> names, Reasons reasons) {
        for (String name : names) {
            Location place = new Location(name, null);
            if (isPickle(name) && name.indexOf('/') < 0) {
                pickle(name, place, reasons);
            } else if (OTHER_TOKENIZER.contains(name)) {
                String why = "is not used: an adapter shares the tokenizer of its base";
                reasons.warn(LoraFault.IGNORED_FILE, place, name, "no tokenizer", why);
            } else if (name.equals(MORE_TEMPLATES) || name.startsWith(MORE_TEMPLATES + "/")) {
                String why = "is not served: put the templates into tokenizer_config.json";
                reasons.refuse(
                        LoraFault.INVALID_CHAT_FILES, place, name, String.join(", ", CHAT), why);
            }
        }
    }

    private static void pickle(String name, Location place, Reasons reasons) {
        if (TRAINER_STATE.matcher(name).matches()) {
            String why = "is a trainer's state, no part of the adapter, and was not opened";
            reasons.warn(LoraFault.IGNORED_FILE, place, name, TENSORS, why);
        } else {
            String why = "is a pickle, which may run code when opened, and was not opened";
            reasons.refuse(LoraFault.PICKLE_FILE, place, name, TENSORS, why);
        }
    }

    static boolean isPickle(String name) {
        int dot = name.lastIndexOf('.');
        return dot >= 0 && PICKLES.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    }
}
