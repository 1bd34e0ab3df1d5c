package dev.weft.grammar.reply.parser;

import dev.weft.grammar.reply.format.Phrase;
import dev.weft.grammar.reply.format.ValueKind;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads one value that stands as it is, up to a mark, and writes it as JSON. */
final class RawValueReader {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Phrase mark;
    private final ValueKind kind;
    private final Set<String> types;
    private boolean opened;
    private boolean done;

    /** Characters at the beginning that were searched for the mark. */
    private int searched;

    RawValueReader(Phrase mark, ValueKind kind, Set<String> types) {
        this.mark = mark;
        this.kind = kind;
        this.types = Set.copyOf(types);
    }

    boolean done() {
        return done;
    }

    /** Takes text; returns the offset behind what was taken, the mark included. */
    int read(CharSequence in, int from, StringBuilder out) {
        int at = from + searched;
        int end = Phrase.NONE;
        while (at < in.length() && end == Phrase.NONE) {
            end = mark.match(in, at);
            at += end == Phrase.NONE ? 1 : 0;
        }
        if (end >= 0) {
            whole(in.subSequence(from, at).toString(), out);
            done = true;
            return end;
        }
        if (kind == ValueKind.STRING) {
            piece(in.subSequence(from, at).toString(), out);
            return at;
        }
        searched = at - from;
        return from;
    }

    private void whole(String text, StringBuilder out) {
        if (kind == ValueKind.STRING) {
            piece(text, out);
            out.append('"');
        } else {
            out.append(json(text));
        }
    }

    /** Writes a piece of a string. The halves of a surrogate pair may be in two pieces. */
    private void piece(String text, StringBuilder out) {
        if (!opened) {
            opened = true;
            out.append('"');
        }
        out.append(quoted(text));
    }

    private String json(String text) {
        try {
            JsonNode value = JSON.readTree(text);
            if (value != null && !value.isMissingNode() && isMeant(value)) {
                return text.strip();
            }
        } catch (JacksonException e) {
            // a string, then
        }
        return '"' + quoted(text) + '"';
    }

    private boolean isMeant(JsonNode value) {
        if (kind == ValueKind.JSON) {
            return true;
        }
        return switch (value.getNodeType()) {
            case NULL -> types.contains("null");
            case BOOLEAN -> types.contains("boolean");
            case NUMBER ->
                    types.contains("number")
                            || (types.contains("integer") && value.isIntegralNumber());
            default -> false;
        };
    }

    static String quoted(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsCharArray(text));
    }
}
