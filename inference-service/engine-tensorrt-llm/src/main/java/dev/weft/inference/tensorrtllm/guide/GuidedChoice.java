package dev.weft.inference.tensorrtllm.guide;

import dev.weft.inference.engine.constraint.AnswerGuide;
import dev.weft.inference.engine.constraint.GuideException;
import java.util.Locale;
import java.util.stream.Collectors;

/** One of some texts, as a grammar of XGrammar's. */
final class GuidedChoice {
    /** A grammar is compiled within a step that all requests share. */
    private static final int MOST_CHARACTERS = 32_768;

    private GuidedChoice() {}

    static String text(AnswerGuide.Choice choice) throws GuideException {
        int characters = choice.texts().stream().mapToInt(String::length).sum();
        if (characters > MOST_CHARACTERS) {
            throw new GuideException(
                    "",
                    "",
                    "the texts have %d characters together; allowed: %d, as other requests wait while they are compiled"
                            .formatted(characters, MOST_CHARACTERS));
        }
        return choice.texts().stream()
                .map(GuidedChoice::quoted)
                .collect(Collectors.joining(" | ", "root ::= ", "\n"));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints()
                .forEach(c -> {
                    if (c == '"' || c == '\\') {
                        quoted.append('\\').append((char) c);
                    } else if (c >= ' ' && c < 127) {
                        quoted.append((char) c);
                    } else {
                        quoted.append(
                                c > 0xFFFF
                                        ? "\\U%08X".formatted(c)
                                        : String.format(Locale.ROOT, "\\u%04X", c));
                    }
                });
        return quoted.append('"').toString();
    }
}
