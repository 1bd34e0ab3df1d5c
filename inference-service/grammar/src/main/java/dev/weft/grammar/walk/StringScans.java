package dev.weft.grammar.walk;

import dev.weft.grammar.expression.Expression;
import dev.weft.grammar.expression.Expressions;
import dev.weft.grammar.expression.Room;
import dev.weft.grammar.scan.Scan;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The states within JSON's strings. Expressions see the characters; how a string spells them, with
 * escapes or without, is left to the states here. Of several expressions the first decides what may
 * follow.
 */
public final class StringScans {
    /** Average bytes of a state: many never see a byte, so they have no table. */
    private static final int BYTES_OF_SCAN = 700;

    /** Masks that states keep, 20 kB each for a vocabulary of 150,000 tokens. */
    private static final int MOST_MASKS = 100;

    /** Masks that took a longer walk through a trie than this are kept. */
    private static final int NODES_TO_KEEP = 2_000;

    /** Most expressions of a state that are searched for the end of a string. */
    private static final int MOST_ENDINGS = 33;

    private static final int[] USUAL = {'a', 'A', '0', ' ', '\n', 0xE9, 0x4E00, 0xAC00, 0x1F600};

    private final Expressions pool;
    private int masks;
    private final Map<List<Expression>, Scan> made = new HashMap<>();

    public StringScans(Expressions pool) {
        this.pool = pool;
    }

    /** Whether one more state may keep its mask. */
    boolean mayKeepMask() {
        return ++masks <= MOST_MASKS;
    }

    /** The state at which some expressions stand. */
    public Scan of(List<Expression> states) {
        if (states.getFirst().isEmpty()) {
            return Scan.DEAD;
        }
        Scan found = made.get(states);
        if (found == null) {
            pool.hold(BYTES_OF_SCAN + 8L * states.size());
            found = new Characters(states);
            made.put(states, found);
        }
        return found;
    }

    private Scan step(List<Expression> states, byte[] bytes) {
        List<Expression> now = states;
        for (byte b : bytes) {
            List<Expression> next = new ArrayList<>(now.size());
            for (Expression state : now) {
                Expression stepped = pool.step(state, b & 0xFF);
                if (next.isEmpty() && stepped.isEmpty()) {
                    return Scan.DEAD;
                }
                next.add(stepped);
            }
            now = next;
        }
        return of(now);
    }

    private Scan stepped(List<Expression> states, int codePoint) {
        return step(states, Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
    }

    private boolean mayBegin(List<Expression> states, int from, int to) {
        // most often one of these may begin; else the whole range is tried at once
        for (int c : USUAL) {
            if (c >= from && c <= to && !stepped(states, c).isDead()) {
                return true;
            }
        }
        return pool.isLive(
                pool.and(states.getFirst(), pool.concat(pool.codePoints(from, to), pool.any())));
    }

    /** The rest of a string, written as in JSON, with the quote behind it. */
    public static byte[] quoted(byte[] rest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(rest.length + 1);
        for (byte b : rest) {
            if (b == '"' || b == '\\') {
                out.write('\\');
                out.write(b);
            } else if (b >= 0 && b < ' ') {
                out.writeBytes("\\u%04x".formatted((int) b).getBytes(StandardCharsets.US_ASCII));
            } else {
                out.write(b);
            }
        }
        out.write('"');
        return out.toByteArray();
    }

    /** The state between characters, or within one. */
    public final class Characters extends Scan {
        private final List<Expression> states;
        private final boolean free;

        /**
         * The tokens from here, for one vocabulary; null if not known. The grammar's lock guards
         * it.
         */
        private @Nullable LexemeMask mask;

        private @Nullable TokenVocabulary maskOf;

        private @Nullable Room room;

        private Characters(List<Expression> states) {
            this.states = List.copyOf(states);
            boolean all = states.getFirst().equals(pool.text());
            for (Expression state : states) {
                all &= state.isEmpty() || state.equals(pool.text());
            }
            this.free = all;
        }

        public List<Expression> states() {
            return states;
        }

        /** The tokens from here; null if they aren't kept. */
        @Nullable LexemeMask mask(TokenVocabulary vocabulary) {
            return vocabulary.equals(maskOf) ? mask : null;
        }

        /** Keeps the tokens from here if they took long to find, as far as there is room. */
        void keep(LexemeMask found, TokenVocabulary vocabulary) {
            if (found.nodes() > NODES_TO_KEEP && (mask != null || mayKeepMask())) {
                mask = new LexemeMask(found);
                maskOf = vocabulary;
            }
        }

        /** Characters that may follow without a look at each. */
        Room room() {
            Room known = room;
            if (known == null) {
                known = pool.room(states.getFirst());
                room = known;
            }
            return known;
        }

        /** Whether every text may follow, and all of it means the same. */
        boolean isFree() {
            return free;
        }

        /** The most characters that may follow freely; -1 for no maximum, 0 for not freely. */
        int mostFree() {
            return free ? -1 : states.size() == 1 ? pool.mostCharacters(states.getFirst()) : 0;
        }

        /** The characters that have to follow, if they may follow freely. */
        int leastFree() {
            return free ? 0 : pool.leastCharacters(states.getFirst());
        }

        @Override
        public List<byte[]> endings() {
            List<byte[]> all = new ArrayList<>();
            addEnding(states.getFirst(), all);
            for (Expression own : states.subList(1, Math.min(states.size(), MOST_ENDINGS))) {
                addEnding(pool.and(states.getFirst(), own), all);
                addEnding(pool.and(states.getFirst(), pool.not(own)), all);
            }
            return all;
        }

        private void addEnding(Expression rest, List<byte[]> all) {
            byte[] text = pool.isLive(rest) ? pool.shortest(rest) : null;
            if (text != null) {
                all.add(quoted(text));
            }
        }

        @Override
        public int left() {
            return states.getFirst().shortest() + 1;
        }

        @Override
        protected Scan find(int b) {
            if (b == '"') {
                return states.getFirst().nullable() ? EXIT : DEAD;
            }
            if (b == '\\') {
                return pool.mayGoOn(states.getFirst()) ? new Escape(states) : DEAD;
            }
            return b < ' ' ? DEAD : step(states, new byte[] {(byte) b});
        }
    }

    /** The state behind a backslash. */
    private final class Escape extends Scan {
        private final List<Expression> states;

        Escape(List<Expression> states) {
            this.states = states;
        }

        @Override
        public int left() {
            return states.getFirst().shortest() + 2;
        }

        @Override
        protected Scan find(int b) {
            return switch (b) {
                case '"', '\\', '/' -> stepped(states, b);
                case 'b' -> stepped(states, '\b');
                case 'f' -> stepped(states, '\f');
                case 'n' -> stepped(states, '\n');
                case 'r' -> stepped(states, '\r');
                case 't' -> stepped(states, '\t');
                case 'u' -> new Hex(states, 0, 0, 0);
                default -> DEAD;
            };
        }
    }

    /** The state within the four digits behind {@code \\u}. */
    private final class Hex extends Scan {
        private final List<Expression> states;
        private final int value;
        private final int digits;

        /** The first half of a surrogate pair; 0 if there is none. */
        private final int high;

        Hex(List<Expression> states, int value, int digits, int high) {
            this.states = states;
            this.value = value;
            this.digits = digits;
            this.high = high;
        }

        @Override
        public int left() {
            return states.getFirst().shortest() + 5 - digits;
        }

        @Override
        protected Scan find(int b) {
            int digit = b < 0x80 ? Character.digit(b, 16) : -1;
            if (digit < 0) {
                return DEAD;
            }
            int more = value * 16 + digit;
            if (digits < 3) {
                int shift = 4 * (3 - digits);
                int from = more << shift;
                return isPossible(from, from | (1 << shift) - 1)
                        ? new Hex(states, more, digits + 1, high)
                        : DEAD;
            }
            if (high != 0) {
                return Character.isLowSurrogate((char) more)
                        ? stepped(states, Character.toCodePoint((char) high, (char) more))
                        : DEAD;
            }
            if (Character.isHighSurrogate((char) more)) {
                return isPossible(more, more) ? new Second(states, more, 0) : DEAD;
            }
            return Character.isLowSurrogate((char) more) ? DEAD : stepped(states, more);
        }

        /** Whether one of a range of UTF-16's units may stand here. */
        private boolean isPossible(int from, int to) {
            if (high != 0) {
                int low = Math.max(from, Character.MIN_LOW_SURROGATE);
                int last = Math.min(to, Character.MAX_LOW_SURROGATE);
                return low <= last
                        && mayBegin(
                                states,
                                Character.toCodePoint((char) high, (char) low),
                                Character.toCodePoint((char) high, (char) last));
            }
            int first = Math.max(from, Character.MIN_HIGH_SURROGATE);
            int last = Math.min(to, Character.MAX_HIGH_SURROGATE);
            return mayBegin(states, from, to)
                    || (first <= last
                            && mayBegin(
                                    states,
                                    Character.toCodePoint(
                                            (char) first, Character.MIN_LOW_SURROGATE),
                                    Character.toCodePoint(
                                            (char) last, Character.MAX_LOW_SURROGATE)));
        }
    }

    /** The state between the halves of a surrogate pair. */
    private final class Second extends Scan {
        private final List<Expression> states;
        private final int high;
        private final int at;

        Second(List<Expression> states, int high, int at) {
            this.states = states;
            this.high = high;
            this.at = at;
        }

        @Override
        public int left() {
            return states.getFirst().shortest() + 7 - at;
        }

        @Override
        protected Scan find(int b) {
            if (at == 0) {
                return b == '\\' ? new Second(states, high, 1) : DEAD;
            }
            return b == 'u' ? new Hex(states, 0, 0, high) : DEAD;
        }
    }
}
