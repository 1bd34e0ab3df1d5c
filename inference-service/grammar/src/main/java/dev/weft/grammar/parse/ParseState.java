package dev.weft.grammar.parse;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.walk.WholeScan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A state of a text: the texts that may go on, and where each leads once it is over. */
final class ParseState extends WholeScan {
    private static final int BYTES_OF_TABLE = 1_060;

    private final ParseStates states;
    private final Expression[] texts;
    private final Link[] links;

    /** Whether the answer may end here, whatever follows. */
    final boolean done;

    /** Whether a text begins here that is not the answer's first: ignored text may come. */
    final boolean between;

    private static final int UNKNOWN = -1;

    private boolean counted;
    private int left = UNKNOWN;

    /** If texts are longest, the state behind those that may be over; found once. */
    private @Nullable ParseState ended;

    private boolean endedKnown;

    ParseState(ParseStates states, Threads threads, boolean done, boolean between) {
        this.states = states;
        this.done = done;
        this.between = between;
        this.texts = new Expression[threads.size()];
        this.links = new Link[threads.size()];
        int[] at = {0};
        threads.forEach((text, link) -> {
            texts[at[0]] = text;
            links[at[0]++] = link;
        });
    }

    int size() {
        return texts.length;
    }

    /** The texts that may go on. */
    void forEach(Threads.Each each) {
        for (int i = 0; i < texts.length; i++) {
            each.accept(texts[i], links[i]);
        }
    }

    @Override
    protected @Nullable ParseState behind(int b) {
        if (!counted) {
            counted = true;
            states.hasTable(this, BYTES_OF_TABLE);
        }
        return states.behind(this, b);
    }

    @Override
    protected boolean takes(long bytes) {
        return counted && states.takes(bytes);
    }

    /** Forgets what follows. */
    void drop() {
        counted = false;
        endedKnown = false;
        ended = null;
        forgetAll();
    }

    @Override
    public boolean complete() {
        return states.complete(this);
    }

    @Override
    public List<byte[]> endings() {
        return states.endings(this);
    }

    @Override
    public int left() {
        if (left == UNKNOWN) {
            left = states.costs().of(this);
        }
        return left;
    }

    /** The state behind the texts that may be over; null if none may. */
    @Nullable ParseState ended() {
        if (!endedKnown) {
            ended = states.ended(this);
            endedKnown = true;
        }
        return ended;
    }
}
