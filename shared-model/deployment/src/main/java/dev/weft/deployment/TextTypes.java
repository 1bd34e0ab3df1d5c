package dev.weft.deployment;

import dev.weft.deployment.KeyType.InvalidValueException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Types of keys whose value is a word or an address. */
final class TextTypes {
    private TextTypes() {}

    /** Any text but an empty one. */
    static KeyType<String> text(String allowed) {
        return matching(Pattern.compile(".+", Pattern.DOTALL), allowed);
    }

    /** Text of a certain shape. */
    static KeyType<String> matching(Pattern pattern, String allowed) {
        record Matching(Pattern pattern, String allowed) implements KeyType.OfText<String> {
            @Override
            public String parse(String text) throws InvalidValueException {
                if (!pattern.matcher(text).matches()) {
                    throw refused(text);
                }
                return text;
            }

            @Override
            public Object plain(String value) {
                return value;
            }
        }
        return new Matching(pattern, allowed);
    }

    /** One of the constants of an enum, spelled exactly as {@code spelling} says. */
    static <E extends Enum<E>> KeyType<E> oneOf(Class<E> type, Spelling spelling) {
        return new OneOf<>(type, spelling);
    }

    /** How the constants of an enum are written in the file. */
    enum Spelling {
        /** {@code REMOTE_URL} */
        AS_IT_IS,
        /** {@code tensorrt-llm} */
        KEBAB,
        /** {@code no_quant} */
        SNAKE;

        String of(Enum<?> constant) {
            return switch (this) {
                case AS_IT_IS -> constant.name();
                case KEBAB -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
                case SNAKE -> constant.name().toLowerCase(Locale.ROOT);
            };
        }
    }

    private record OneOf<E extends Enum<E>>(Class<E> type, Spelling spelling)
            implements KeyType.OfText<E> {
        @Override
        public E parse(String text) throws InvalidValueException {
            for (E constant : type.getEnumConstants()) {
                if (spelling.of(constant).equals(text)) {
                    return constant;
                }
            }
            throw refused(text);
        }

        @Override
        public String allowed() {
            var words = new StringBuilder();
            for (E constant : type.getEnumConstants()) {
                words.append(words.isEmpty() ? "" : ", ").append(spelling.of(constant));
            }
            return words.toString();
        }

        @Override
        public Object plain(E value) {
            return spelling.of(value);
        }
    }

    /** Address of an HTTP service, without a path. */
    static KeyType<URI> address() {
        record Address() implements KeyType.OfText<URI> {
            @Override
            public URI parse(String text) throws InvalidValueException {
                try {
                    var uri = new URI(text.endsWith("/") ? text.replaceAll("/+$", "") : text);
                    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
                    if (web && uri.getHost() != null && uri.getQuery() == null) {
                        return uri;
                    }
                } catch (URISyntaxException _) {
                    throw refused(text);
                }
                throw refused(text);
            }

            @Override
            public String allowed() {
                return "an address like http://127.0.0.1:8081";
            }

            @Override
            public Object plain(URI value) {
                return value.toString();
            }
        }
        return new Address();
    }
}
