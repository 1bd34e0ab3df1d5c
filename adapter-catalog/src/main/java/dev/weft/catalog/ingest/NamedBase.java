package dev.weft.catalog.ingest;

import dev.weft.catalog.base.Base;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The base that an adapter's configuration names, {@code base_model_name_or_path}. PEFT writes what
 * the training was given: a repository of a hub, or a path of the machine that trained.
 *
 * @param text as the configuration has it
 */
record NamedBase(String text) {
    private static final String CONFIG = "adapter_config.json";

    /** The most that the check of the configuration reads. */
    private static final long MOST_BYTES = 4 << 20;

    /** No hub's name and no path is longer. */
    private static final int LONGEST = 4_096;

    /** The base that a folder's configuration names; empty if it can't be read or names none. */
    static Optional<NamedBase> read(Path folder) throws IOException {
        Path file = folder.resolve(CONFIG);
        if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
            return Optional.empty();
        }
        try {
            String text =
                    JsonMapper.shared()
                            .readTree(Files.readAllBytes(file))
                            .path("base_model_name_or_path")
                            .asString("");
            return text.isBlank() ? Optional.empty() : Optional.of(new NamedBase(text));
        } catch (JacksonException e) {
            return Optional.empty(); // the check reports it
        }
    }

    /** The base that is meant; empty if none of them is, or several are. */
    Optional<Base> among(List<Base> bases) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        return only(
                        bases,
                        base -> text.equals(base.checkpoint().repo()) || text.equals(base.name()))
                .or(() -> only(bases, base -> last(text).equals(last(base.checkpoint().repo()))))
                .or(() -> only(bases, base -> last(text).equals(last(base.name()))));
    }

    private static Optional<Base> only(List<Base> bases, Predicate<Base> rule) {
        List<Base> found = bases.stream().filter(rule).toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    /** The last part of a path, in small letters. */
    private static String last(String path) {
        int end = path.length();
        while (end > 0 && isSlash(path.charAt(end - 1))) {
            end--;
        }
        int begin = end;
        while (begin > 0 && !isSlash(path.charAt(begin - 1))) {
            begin--;
        }
        return path.substring(begin, end).toLowerCase(Locale.ROOT);
    }

    private static boolean isSlash(char c) {
        return c == '/' || c == '\\';
    }
}
