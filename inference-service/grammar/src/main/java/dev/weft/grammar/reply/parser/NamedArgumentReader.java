package dev.weft.grammar.reply.parser;

import dev.weft.grammar.limit.GrammarException;
import dev.weft.grammar.reply.format.CallSyntax;
import dev.weft.grammar.reply.format.Phrase;
import dev.weft.grammar.reply.format.ValueKind;
import dev.weft.grammar.schema.NamedTypes;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Arguments that are written one by one, as {@link CallSyntax.Arguments.Named} says. */
final class NamedArgumentReader implements ArgumentReader {
    private static final int LONGEST_KEY = 256;

    private final CallSyntax.Arguments.Named how;
    private final Phrase closing;
    private final JsonNode schema;
    private final NamedTypes types;
    private boolean any;
    private boolean done;
    private @Nullable RawValueReader raw;
    private @Nullable PythonValueReader python;

    /**
     * A reader for the arguments of one call.
     *
     * @param closing closes the call; it is not taken
     * @param schema of the tool; an empty one says nothing
     */
    NamedArgumentReader(CallSyntax.Arguments.Named how, Phrase closing, JsonNode schema) {
        this.how = how;
        this.closing = closing;
        this.schema = schema;
        this.types = new NamedTypes(schema);
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public int read(CharSequence in, int from, StringBuilder out) {
        int at = from;
        boolean more = true;
        while (more && !done) {
            boolean inValue = raw != null || python != null;
            int next = inValue ? value(in, at, out) : name(in, at, out);
            more = next != at || inValue != (raw != null || python != null);
            at = next;
        }
        return at;
    }

    private int name(CharSequence in, int from, StringBuilder out) {
        int begin = any ? from : Phrase.skipGap(in, from);
        int closed = closing.match(in, begin);
        if (closed >= 0) {
            out.append(any ? "}" : "{}");
            done = true;
            return begin;
        }
        int at = closed == Phrase.NONE ? separated(in, from) : -1;
        if (at < 0) {
            return from;
        }
        int to = at;
        int end = Phrase.MORE;
        while (to < in.length()) {
            end = how.between().match(in, to);
            if (end != Phrase.NONE) {
                break;
            }
            to++;
        }
        if (to - at > LONGEST_KEY) {
            // no grammar was enforced, and what follows is not a call
            out.append(any ? "}" : "{}");
            done = true;
            return from;
        }
        return end < 0 ? from : begin(in.subSequence(at, to).toString(), end, out);
    }

    private int begin(String key, int end, StringBuilder out) {
        out.append(any ? ", \"" : "{\"").append(RawValueReader.quoted(key)).append("\": ");
        any = true;
        if (how.raw()) {
            Set<String> of = types(schema.path("properties").path(key));
            raw = new RawValueReader(how.close(), ValueKind.of(of), of);
        } else {
            python = new PythonValueReader();
        }
        return end;
    }

    private Set<String> types(JsonNode property) {
        try {
            return types.of(property);
        } catch (GrammarException e) {
            // no grammar is made of a schema like this: the reply was held to none
            return Set.of();
        }
    }

    /** Offset of a name; negative if it is not there, or not yet. */
    private int separated(CharSequence in, int from) {
        int at = from;
        if (any && !how.separator().isEmpty()) {
            at = how.separator().match(in, at);
        }
        at = at < 0 ? at : how.open().match(in, Phrase.skipGap(in, at));
        return at < 0 ? at : Phrase.skipGap(in, at);
    }

    private int value(CharSequence in, int from, StringBuilder out) {
        int at = from;
        if (raw != null) {
            at = raw.read(in, from, out);
            raw = raw.done() ? null : raw;
        } else if (python != null) {
            at = python.read(in, from, out);
            python = python.done() ? null : python;
        }
        return at;
    }
}
